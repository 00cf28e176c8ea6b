# Pending cases: what they may lack, and the proof that they still lack it.
#
# An entry of conformance/pending is held to four things: its need is one of those below; the case's text uses
# it (cases.tcl); the server under test does not know it; and the case, run, does not pass. The last is a short
# pass of its own, over copies from which all other cases are cut.

namespace eval pending {
    # Commands of the data types, of scripts and functions, SORT, AOF and ACL.
    variable commands {
        lpush rpush lpushx rpushx lpop rpop llen lrange lindex lset lrem ltrim linsert lpos lmove rpoplpush
        lmpop blpop brpop blmove blmpop brpoplpush
        sadd srem smembers scard sismember smismember spop srandmember sinter sinterstore sintercard sunion
        sunionstore sdiff sdiffstore smove sscan
        hset hmset hsetnx hget hmget hgetall hdel hlen hstrlen hincrby hincrbyfloat hkeys hvals hexists
        hrandfield hscan
        zadd zrem zcard zscore zmscore zrange zrangestore zrangebyscore zrank zrevrank zincrby zcount zscan
        zunion zunionstore zinter zinterstore zdiff zdiffstore zpopmin zpopmax zmpop bzpopmin bzpopmax bzmpop
        xadd xlen xrange xrevrange xread xdel xtrim xgroup xreadgroup xack xclaim xautoclaim xpending xinfo
        xsetid
        bitcount bitpos bitop bitfield bitfield_ro pfadd pfcount pfmerge
        geoadd geodist geohash geopos georadius geosearch geosearchstore
        sort sort_ro eval evalsha eval_ro evalsha_ro script fcall fcall_ro function
        bgrewriteaof acl
    }
    # Directives and subcommands, each with commands that must all succeed for the server to know it.
    variable probes {
        appendonly {{config set appendonly yes}}
        debug|loadaof {{debug loadaof}}
        maxmemory-policy {{config set maxmemory 100mb} {config set maxmemory-policy allkeys-lru}}
        client|tracking {{client tracking on}}
        client|caching {{client caching yes}}
        client|getredir {{client getredir}}
        client|trackinginfo {{client trackinginfo}}
    }
}

# The entries of the list, none of whose needs the server knows.
proc pending::checked_list {path} {
    variable commands
    variable probes
    set entries [cases::read_list $path]
    set needs {}
    foreach entry $entries {
        set need [string tolower [dict get $entry needs]]
        if {$need ni $commands && ![dict exists $probes $need]} {
            give_up "[dict get $entry where]: no case may wait for $need"
        }
        lappend needs $need
    }
    if {[llength $entries]} {
        set known [known_to_server [lsort -unique $needs]]
        if {[llength $known]} {
            give_up "$path: the server has [join $known {, }] by now: strike the entries that wait for it"
        }
    }
    return $entries
}

# Which of the needs the server under test satisfies.
proc pending::known_to_server {needs} {
    global options source_folder trees
    variable commands
    variable probes
    uplevel #0 [list source [file join $source_folder tests support redis.tcl]]
    set ::tls 0
    set home [file join $trees probe]
    file delete -force $home
    file mkdir $home
    set port [expr {$options(baseport) - 40}]
    set log [file join $home log]
    set pid [exec $options(server) --port $port --dir $home --save {} --enable-debug-command yes > $log 2>@1 &]
    set known {}
    set failed [catch {
        set client [connect $port]
        foreach need $needs {
            if {$need in $commands} {
                if {[llength [lindex [$client command info $need] 0]]} {lappend known $need}
                continue
            }
            if {![catch {foreach command [dict get $probes $need] {$client {*}$command}}]} {lappend known $need}
        }
        $client close
    } message]
    catch {exec kill -KILL $pid}
    if {$failed} {give_up "cannot ask $options(server) what it knows: $message\n[exec cat $log]"}
    file delete -force $home
    return $known
}

proc pending::connect {port} {
    for {set try 0} {$try < 100} {incr try} {
        if {![catch {redis 127.0.0.1 $port} client] && ![catch {$client ping}]} {return $client}
        after 100
    }
    error "no answer on port $port after 10 seconds"
}

# Runs the pending cases of the files. A result for each file of which a case passed.
proc pending::pass {files pending skip} {
    puts "\npending cases, none of which may pass:"
    set waiting {}
    foreach entry $pending {
        if {[dict get $entry kind] eq "case"} {dict lappend waiting [dict get $entry file] [dict get $entry name]}
    }
    set main {}
    set sentinel {}
    set cuts $skip
    foreach file $files {
        if {![dict exists $waiting $file]} continue
        if {[is_sentinel $file]} {lappend sentinel $file} else {lappend main $file}
        lappend cuts {*}[all_but $file [dict get $waiting $file] $pending $skip]
    }
    set results {}
    if {[llength $main]} {lappend results {*}[run_main $main $cuts]}
    if {[llength $sentinel]} {lappend results {*}[run_sentinel $sentinel $cuts]}
    return [passed_results $results $waiting]
}

# Entries that cut all of a file but the pending cases outside of cut blocks.
proc pending::all_but {file names pending skip} {
    global source_folder
    set channel [open [file_path $source_folder $file]]
    set lines [split [read $channel] \n]
    close $channel
    set cuts {}
    set in_block {}
    foreach entry $pending {
        if {[dict get $entry file] ne $file || [dict get $entry kind] eq "case"} continue
        lappend cuts $entry
        if {[dict get $entry kind] eq "block"} {
            set first [cases::only_line $lines $entry]
            set last [cases::last_line $lines $first]
            foreach case [cases::in_lines [lrange $lines $first $last]] {lappend in_block [dict get $case name]}
        }
    }
    set skipped [lmap entry $skip {dict get $entry name}]
    foreach case [cases::in_lines $lines] {
        set name [dict get $case name]
        if {($name in $names && $name ni $in_block) || $name in $skipped} continue
        lappend cuts [dict create file $file needs design kind case name $name then {} where $file]
        lappend skipped $name
    }
    return $cuts
}

# True when an instance of one of the names, in which a $variable stands for anything, is called so.
proc pending::is_waiting {instance names} {
    foreach name $names {
        if {[string match [regsub -all {\$\w+} $name *] $instance]} {return 1}
    }
    return 0
}

# What passed counts as failed here; what failed is as it should be.
# A case whose name is computed cannot be told apart when the copy is cut; it is no pending one.
proc pending::passed_results {results waiting} {
    set report {}
    foreach {file result} $results {
        # The Sentinel suite's own preparations pass in every file.
        set passed [lsearch -all -inline -not -glob [dict get $result passed] "(*init)*"]
        set passed [lmap name $passed {
            if {![is_waiting $name [dict get $waiting $file]]} continue
            set name
        }]
        if {![llength $passed]} continue
        dict set result failed [lmap name $passed {string cat "a pending case passes: " $name}]
        dict set result passed {}
        dict set result skipped {}
        lappend report "$file (pending)" $result
    }
    return $report
}

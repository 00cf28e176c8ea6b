# Pending cases: what they may lack, and the proof that they still lack it.
#
# An entry of conformance/pending is held to four things: its need is one of those below; the case's text uses
# it (cases.tcl); the server under test does not know it; and the case, run, does not pass. The last is a pass of its
# own, over copies that hold one case each.

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
    # Seconds that a try may take: more than such a case takes that passes, and the start of what it needs. A Sentinel
    # file first starts five servers and five Sentinels.
    variable limits {main 30 sentinel 150}
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

# Runs the pending cases of the files, each in a try of its own: a copy that holds nothing else, a time limit. What
# hangs has not passed; it is ended. A result for each file of which a case passed.
proc pending::pass {files pending skip} {
    variable limits
    set main {}
    set sentinel {}
    foreach entry $pending {
        set file [dict get $entry file]
        if {[dict get $entry kind] ne "case" || $file ni $files} continue
        set name [dict get $entry name]
        if {![can_run $file $name $pending]} continue
        set cut [list pending::keep_only $name $pending]
        if {[is_sentinel $file]} {
            lappend sentinel $file $name $cut
        } else {
            lappend main [list [list $file $name] $file $cut]
        }
    }
    set count [expr {[llength $main] + [llength $sentinel] / 3}]
    puts "\n$count pending cases, none of which may pass"
    flush stdout
    set started [clock seconds]
    set report {}
    foreach {run state} [run_main $main [dict get $limits main]] {
        lappend report {*}[judge {*}$run $state]
    }
    foreach {file name cut} $sentinel {
        lassign [run_sentinel [list $file] $cut [dict get $limits sentinel]] file state
        lappend report {*}[judge $file $name $state]
    }
    puts "tried in [expr {[clock seconds] - $started}] seconds, [expr {[llength $report] / 2}] passed"
    return $report
}

proc pending::keep_only {name pending tree file} {
    cases::keep_only [file_path $tree $file] $name [entries_of $file $pending]
}

# Whether the case stands outside of all that is cut as a block, tried on a copy.
proc pending::can_run {file name pending} {
    global source_folder trees
    set copy [file join $trees case.tcl]
    file copy -force [file_path $source_folder $file] $copy
    return [cases::keep_only $copy $name [entries_of $file $pending]]
}

# What passed counts as failed here. Where anything failed, nothing passed: the suite tells of a server that does not
# start and of the case that goes on without it as two things. The Sentinel suite's own preparations pass in every file.
proc pending::judge {file name state} {
    set passed [lsearch -all -inline -not -glob [dict get $state passed] "(*init)*"]
    if {![llength $passed] || [llength [dict get $state failed]]} return
    set seconds [expr {([clock milliseconds] - [dict get $state started]) / 1000}]
    return [list "$file (pending)" [dict create passed {} failed [list "a pending case passes: $name"] \
        skipped {} seconds $seconds]]
}

# How a file of either suite is copied, cut, run and read.

# Longest silence of a run before it is ended, in seconds: a case of the suite waits two minutes at most.
set silence_limit 400

# Where the copy for a run comes from is said by a command that cuts it: `{*}$cut TREE FILE`.

proc is_sentinel {file} {string match sentinel/* $file}

proc file_path {root file} {
    if {[is_sentinel $file]} {
        return [file join $root tests sentinel tests [file tail $file].tcl]
    }
    return [file join $root tests $file.tcl]
}

# The list the suite keeps of itself, in its order.
proc main_files {root} {
    set channel [open [file join $root tests test_helper.tcl]]
    set script [read $channel]
    close $channel
    regexp {set ::all_tests (\{.*?\n\})} $script -> files
    return [lindex $files 0]
}

proc sentinel_files {root} {
    lmap path [lsort [glob [file join $root tests sentinel tests *.tcl]]] {
        string cat sentinel/ [file rootname [file tail $path]]
    }
}

# A tree to run in: the suite's own files, and the programs under test where it looks for them.
proc make_tree {name} {
    global trees source_folder here options
    set tree [file join $trees $name]
    file delete -force $tree
    file mkdir [file join $tree src]
    exec cp -r [file join $source_folder tests] $tree
    file mkdir [file join $tree tests tmp] [file join $tree tests sentinel tmp]
    set programs [list redis-server $options(server) redis-sentinel $options(sentinel) \
        redis-cli $options(cli) redis-benchmark $options(benchmark)]
    foreach tool {redis-check-rdb redis-check-aof} {
        set command [file join [file dirname $options(server)] $tool]
        if {[file executable $command]} {lappend programs $tool $command}
    }
    foreach {program command} $programs {
        set path [file join $tree src $program]
        set channel [open $path w 0755]
        puts $channel "#!/bin/sh\nexec '$command' \"\$@\""
        close $channel
    }
    if {!$options(whole)} {
        file copy -force [file join $here load bg_complex_data.tcl] [file join $tree tests helpers]
    }
    return $tree
}

# The commands that stand where a case was cut. The one of the Sentinel suite prints what a case of it prints.
proc note_in_main {name} {
    return "send_data_packet \$::test_server_fd skip $name"
}

proc note_in_sentinel {name} {
    return "puts \"\[clock format \[clock seconds\] -format %H:%M:%S\]> [string range $name 1 end-1]: SKIPPED\""
}

proc cut_file {entries tree file} {
    set note [expr {[is_sentinel $file] ? "note_in_sentinel" : "note_in_main"}]
    cases::cut [file_path $tree $file] [entries_of $file $entries] [support_procedures] $note
}

proc entries_of {file entries} {
    lmap entry $entries {
        if {[dict get $entry file] ne $file} continue
        set entry
    }
}

# Procedures that cases may call, from the suite's support files and the one helper that is replaced.
proc support_procedures {} {
    global source_folder support_bodies
    if {![info exists support_bodies]} {
        set support_bodies [dict create]
        foreach path [glob [file join $source_folder tests support *.tcl]] {
            set channel [open $path]
            set support_bodies [dict merge $support_bodies [cases::procedures [read $channel]]]
            close $channel
        }
        foreach name {test start_server tags r redis} {dict unset support_bodies $name}
    }
    return $support_bodies
}

# Runs all files and returns file and result in turn; a result has passed, failed, skipped and seconds.
proc run_files {files pending skip} {
    set main {}
    set sentinel {}
    foreach file $files {
        if {[is_sentinel $file]} {lappend sentinel $file} else {lappend main $file}
    }
    set cut [list cut_file [concat $pending $skip]]
    set results [run_main [lmap file $main {list $file $file $cut}]]
    if {[llength $sentinel]} {
        lappend results {*}[run_sentinel $sentinel $cut]
    }
    return $results
}

# ---------------------------------------------------------------- the main suite

# Runs files side by side, one per slot. A run is its name, its file and the command that cuts the copy. With a limit
# in seconds a run is a try: it is ended when that is over, and neither printed nor kept.
proc run_main {runs {limit 0}} {
    global options queue results free_slots running
    set queue $runs
    set results [dict create]
    set running 0
    set free_slots {}
    for {set slot 0} {$slot < $options(jobs)} {incr slot} {lappend free_slots $slot}
    start_next $limit
    while {$running > 0} {vwait running}
    set ordered {}
    foreach each $runs {lappend ordered [lindex $each 0] [dict get $results [lindex $each 0]]}
    return $ordered
}

proc start_next {limit} {
    global queue free_slots running
    while {[llength $queue] && [llength $free_slots]} {
        set queue [lassign $queue next]
        set free_slots [lassign $free_slots slot]
        incr running
        start_file {*}$next $slot $limit
    }
}

proc start_file {name file cut slot limit} {
    global options run
    set tree [make_tree [string map {/ -} $file][expr {$limit ? "-$slot" : ""}]]
    {*}$cut $tree $file
    set share [expr {8000 / $options(jobs)}]
    set command [list --single $file --clients 1 --durable --dont-clean \
        --baseport [expr {$options(baseport) + $slot * $share}] --portcount [expr {$share - 100}]]
    if {$options(accurate)} {lappend command --accurate}
    if {$options(only) ne ""} {lappend command --only $options(only)}
    set run($name) [dict create tree $tree slot $slot started [clock milliseconds] passed {} failed {} \
        skipped {} done 0 ended {}]
    open_session $tree tests/test_helper.tcl $command \
        [list read_main_line $name] [list end_file $name $limit] $limit
}

# The suite prints one line per event; the text of a failure goes on over further lines.
proc read_main_line {name line} {
    global run
    set open ""
    if {[regexp {^\[ok\]: (.*) \(\d+ ms\)$} $line -> case]} {
        dict lappend run($name) passed $case
    } elseif {[regexp {^\[err\]: (.*)$} $line -> text] || [regexp {^\[exception\]: (.*)$} $line -> text]} {
        dict lappend run($name) failed $text
        set open failed
    } elseif {[regexp {^\[(skip|ignore)\]: (.*)$} $line -> why case]} {
        dict lappend run($name) skipped $case
    } elseif {[regexp {^\[\d+/\d+ done\]: } $line]} {
        dict set run($name) done 1
    } elseif {[string match {\[*TIMEOUT*} $line]} {
        dict set run($name) ended "no progress for too long"
    } elseif {[dict exists $run($name) open] && [dict get $run($name) open] eq "failed"
            && ![string match {\[*\]: *} $line] && $line ne ""} {
        set failures [dict get $run($name) failed]
        dict set run($name) failed [lreplace $failures end end "[lindex $failures end]\n    $line"]
        set open failed
    }
    dict set run($name) open $open
}

proc end_file {name limit reason} {
    global run results free_slots running
    set state $run($name)
    if {$reason eq ""} {set reason [dict get $state ended]}
    if {$limit} {
        dict set results $name $state
    } else {
        dict set results $name [close_result $name $state $reason \
            [expr {[dict get $state done] ? "" : "the file did not run to its end"}]]
    }
    file delete -force [dict get $state tree]
    lappend free_slots [dict get $state slot]
    start_next $limit
    incr running -1
}

# Copies the tree of a finished file to where it can be looked at, and says where.
proc keep_tree {tree} {
    global work
    set kept [file join $work logs [file tail $tree]]
    file mkdir [file dirname $kept]
    file delete -force $kept
    exec cp -r $tree $kept
    return $kept
}

# The result of a finished file. A file of which no case ran has not passed, but for files that run whole: a
# few of the suite hold no case, or none for this machine.
proc close_result {file state reason not_done} {
    global options
    dict with state {
        foreach problem [list $reason $not_done] {
            if {$problem ne ""} {lappend failed $problem}
        }
        if {![llength $passed] && ![llength $failed] && !$options(whole)} {
            lappend failed "no case of this file ran"
        }
        if {![info exists ended_at]} {set ended_at [clock milliseconds]}
        set seconds [expr {($ended_at - $started) / 1000}]
        if {[llength $failed]} {
            lset failed end "[lindex $failed end]\n    logs: [keep_tree $tree]"
        } elseif {$options(keep)} {
            keep_tree $tree
        }
        print_row $file [llength $passed] [llength $failed] [llength $skipped] $seconds
        flush stdout
        return [dict create passed $passed failed $failed skipped $skipped seconds $seconds]
    }
}

# ---------------------------------------------------------------- the Sentinel suite

# One run for all files: its instances start once, and one file finds them as the last one left them. A limit as in
# run_main.
proc run_sentinel {files cut {limit 0}} {
    global run sentinel_now sentinel_done
    set tree [make_tree sentinel]
    foreach file $files {{*}$cut $tree $file}
    set command {--dont-clean}
    foreach file $files {lappend command --single /[file tail $file].tcl}
    set sentinel_now ""
    foreach file $files {
        set run($file) [dict create tree $tree started [clock milliseconds] passed {} failed {} skipped {} \
            done 0 open {}]
    }
    open_session $tree tests/sentinel/run.tcl $command \
        [list read_sentinel_line $files] [list end_sentinel] $limit
    vwait sentinel_done
    set results {}
    foreach file $files {
        if {$limit} {
            lappend results $file $run($file)
            continue
        }
        set seen [dict get $run($file) done]
        lappend results $file [close_result $file $run($file) $sentinel_done \
            [expr {$seen ? "" : "the file did not run"}]]
    }
    return $results
}

proc read_sentinel_line {files line} {
    global run sentinel_now
    set line [regsub -all {\x1b\[[0-9;]*m} $line {}]
    if {[regexp {^Testing unit: (.*)\.tcl$} $line -> unit]} {
        note_sentinel_end
        set sentinel_now sentinel/$unit
        dict set run($sentinel_now) started [clock milliseconds]
        dict set run($sentinel_now) done 1
        return
    }
    if {$sentinel_now eq ""} return
    if {[regexp {^\d\d:\d\d:\d\d> (.*?): (.*)$} $line -> name rest]
            && [regexp {^(.*): (OK|SKIPPED|FAILED.*)$} "$name: $rest" -> name verdict]} {
        switch -glob -- $verdict {
            OK {dict lappend run($sentinel_now) passed $name}
            SKIPPED {dict lappend run($sentinel_now) skipped $name}
            default {dict lappend run($sentinel_now) failed "$name: $verdict"}
        }
    } elseif {[regexp {OK$} $line] && [dict get $run($sentinel_now) open] ne ""} {
        dict lappend run($sentinel_now) passed [dict get $run($sentinel_now) open]
        dict set run($sentinel_now) open ""
    } elseif {[regexp {^(FAILED: caught|ERROR:|WARNING: Aborting|>>>>>>>>)} $line]} {
        dict lappend run($sentinel_now) failed $line
    } elseif {[regexp {^\d\d:\d\d:\d\d> (.*?): } $line -> name]} {
        # A case that prints while it runs: its verdict ends a later line.
        dict set run($sentinel_now) open $name
    }
}

# The time of the file that ran until now.
proc note_sentinel_end {} {
    global run sentinel_now
    if {$sentinel_now ne ""} {dict set run($sentinel_now) ended_at [clock milliseconds]}
}

proc end_sentinel {reason} {
    global sentinel_done
    note_sentinel_end
    set sentinel_done $reason
}

# ---------------------------------------------------------------- processes

# Runs a Tcl script of the suite in a session of its own, hands each line to `on_line` and the reason of a bad
# end, or nothing, to `on_end`. All that is left of the session is ended, after `limit` seconds unless that is 0.
proc open_session {tree script command on_line on_end limit} {
    global trees silence_limit
    set here [pwd]
    cd $tree
    set channel [open [list |setsid [info nameofexecutable] $script {*}$command </dev/null 2>@1] r]
    cd $here
    set session [pid $channel]
    set log [open [file join $trees sessions] a]
    puts $log $session
    close $log
    fconfigure $channel -blocking 0 -encoding utf-8
    set copy [open [file join $tree output.txt] w]
    fconfigure $copy -encoding utf-8
    if {$limit} {
        set alarm [after [expr {$limit * 1000}] [list end_session $session]]
        set on_end [list after_try $alarm $on_end]
    }
    set alarm [after [expr {$silence_limit * 1000}] [list end_session $session]]
    fileevent $channel readable [list read_session $channel $copy $session $alarm $on_line $on_end]
}

proc after_try {alarm on_end reason} {
    after cancel $alarm
    {*}$on_end $reason
}

proc read_session {channel copy session alarm on_line on_end} {
    global options silence_limit
    while {[gets $channel line] >= 0} {
        puts $copy $line
        if {$options(verbose)} {puts $line; flush stdout}
        {*}$on_line [regsub -all {\x1b\[[0-9;]*m} $line {}]
    }
    after cancel $alarm
    if {![eof $channel]} {
        set alarm [after [expr {$silence_limit * 1000}] [list end_session $session]]
        fileevent $channel readable [list read_session $channel $copy $session $alarm $on_line $on_end]
        return
    }
    close $copy
    fconfigure $channel -blocking 1
    set reason ""
    if {[catch {close $channel} message details]} {
        set code [dict get $details -errorcode]
        if {[lindex $code 0] eq "CHILDKILLED"} {set reason "the suite was ended: $message"}
    }
    end_session $session
    {*}$on_end $reason
}

proc end_session {session} {
    catch {
        foreach pid [exec ps -o pid= -s $session] {
            catch {exec kill -KILL $pid}
        }
    }
}

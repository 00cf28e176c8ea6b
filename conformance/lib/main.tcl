# The runner. See ../README.md for what it is; this file holds how.
#
#   source tree --copy--> one tree per file --cut--> what runs --read--> a row per file
#
# Each file of the main suite runs in a tree, a session and a range of ports of its own, with one test client, so
# that a row is that file's and two can run side by side. The files of the Sentinel suite share one run, as they
# share its instances. A second pass runs each pending case alone: one that passes is not pending.

source [file join [file dirname [info script]] cases.tcl]
source [file join [file dirname [info script]] pending.tcl]
source [file join [file dirname [info script]] suite.tcl]

lassign $argv here work source_folder trees
set arguments [lrange $argv 4 end]

proc usage {} {
    puts {usage: conformance/run [option...] [measure|main|sentinel|FILE...]

FILE is a file of the suite without .tcl: unit/type/string, integration/psync2, sentinel/00-base.
measure (the default) is the list in conformance/files; main and sentinel are all files of either suite.

  --server CMD        the server under test (default bin/compat/redis-server); `redis-server` is stock Redis
  --sentinel CMD      the Sentinel under test (default: redis-sentinel beside the server)
  --cli CMD           redis-cli as the suite uses it (default: beside the server)
  --whole             leave nothing out: no conformance/skip, no conformance/pending (default for stock)
  --no-pending-pass   do not run the pending cases to see that they still fail
  --pending-only      run nothing but that
  --only NAME         only cases with this name (a regular expression after a /)
  --accurate          the suite's long variants
  --jobs N            files of the main suite side by side (default: one per processor)
  --baseport N        first of 8,000 ports for the servers of the main suite (default 21111)
  --keep              keep logs and data of every file, not only of those that failed
  --verbose           print the suite's own output}
}

array set options {
    server {} sentinel {} cli {} whole 0 pending_pass 1 main_pass 1 only {} accurate 0 jobs 0 baseport 21111 keep 0 verbose 0
}

proc parse {arguments} {
    upvar #0 options options
    set chosen {}
    while {[llength $arguments]} {
        set arguments [lassign $arguments argument]
        switch -- $argument {
            --server - --sentinel - --cli - --only - --jobs - --baseport {
                if {![llength $arguments]} {give_up "$argument needs a value"}
                set arguments [lassign $arguments options([string range $argument 2 end])]
            }
            --whole - --accurate - --keep - --verbose {set options([string range $argument 2 end]) 1}
            --no-pending-pass {set options(pending_pass) 0}
            --pending-only {set options(main_pass) 0}
            --help {usage; exit 0}
            default {
                if {[string match -* $argument]} {give_up "unknown option $argument (--help lists them)"}
                lappend chosen $argument
            }
        }
    }
    return $chosen
}

proc give_up {message} {
    puts stderr "conformance: $message"
    exit 2
}

# A command by name or path as an absolute path.
proc find_command {command} {
    if {[string match */* $command]} {
        set path [file normalize $command]
    } else {
        set path [lindex [auto_execok $command] 0]
    }
    if {![file executable $path] || [file isdirectory $path]} {
        give_up "cannot run $command: not an executable file"
    }
    return $path
}

# Whether this is Redis itself, by its own word: Vigil's names both.
proc is_stock {server} {
    expr {![string match -nocase *vigil* [exec $server --version]]}
}

proc choose_files {chosen} {
    global here source_folder
    if {![llength $chosen]} {set chosen measure}
    set files {}
    foreach word $chosen {
        switch -- $word {
            measure {lappend files {*}[read_words [file join $here files]]}
            main {lappend files {*}[main_files $source_folder]}
            sentinel {lappend files {*}[sentinel_files $source_folder]}
            default {
                if {![file exists [file_path $source_folder $word]]} {give_up "no file $word in the suite"}
                lappend files $word
            }
        }
    }
    return $files
}

proc read_words {path} {
    set channel [open $path]
    set words {}
    while {[gets $channel line] >= 0} {
        lappend words {*}[regsub {#.*} $line {}]
    }
    close $channel
    return $words
}

proc print_row {file passed failed skipped seconds} {
    puts [format "%-32s %7s %7s %8s %8s" $file $passed $failed $skipped $seconds]
}

proc print_report {results} {
    array set total {passed 0 failed 0 skipped 0}
    puts ""
    print_row file passed failed skipped seconds
    foreach {file result} $results {
        dict with result {
            print_row $file [llength $passed] [llength $failed] [llength $skipped] $seconds
            incr total(passed) [llength $passed]
            incr total(failed) [llength $failed]
            incr total(skipped) [llength $skipped]
        }
    }
    foreach {file result} $results {
        foreach failure [dict get $result failed] {
            puts "\n$file: $failure"
        }
    }
    puts "\n$total(passed) passed, $total(failed) failed, $total(skipped) skipped"
    return $total(failed)
}

proc main {arguments} {
    global options here work
    set files [choose_files [parse $arguments]]
    set beside [file join [file dirname $here] bin compat]
    if {$options(server) eq ""} {set options(server) [file join $beside redis-server]}
    set options(server) [find_command $options(server)]
    set folder [file dirname $options(server)]
    foreach {name tool} {sentinel redis-sentinel cli redis-cli} {
        if {$options($name) eq ""} {set options($name) [file join $folder $tool]}
        set options($name) [find_command $options($name)]
    }
    set options(benchmark) [find_command redis-benchmark]
    if {[is_stock $options(server)]} {set options(whole) 1}
    file delete -force [file join $work logs]
    if {$options(jobs) == 0} {set options(jobs) [exec getconf _NPROCESSORS_ONLN]}

    set pending {}
    set skip {}
    if {!$options(whole)} {
        set pending [pending::checked_list [file join $here pending]]
        set skip [cases::read_list [file join $here skip]]
    }
    set results {}
    if {$options(main_pass)} {
        set results [run_files $files $pending $skip]
    }
    if {!$options(whole) && $options(pending_pass)} {
        lappend results {*}[pending::pass $files $pending $skip]
    }
    exit [expr {[print_report $results] > 0}]
}

main $arguments

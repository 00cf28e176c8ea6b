# Cases of the suite as text.
#
# The suite can skip a case by name, but not the code that stands between cases, and its Sentinel half can skip
# nothing. So what is left out is cut from a copy of the file before it runs. A file is a Tcl script: a case is
# the command `test`, wherever a line starts with it, and reaches as far as the command does, which Tcl itself
# tells (`info complete`). Nothing else of the file is touched, and line numbers stay as they were.
#
# A cut case leaves a note in its place that reports it as skipped each time it would have run: a name that
# holds variables stands for all its instances, and each of them is counted.
#
# Limits: a case must start on a line of its own, and a `test` whose braces do not balance in the source is
# read as Tcl reads it. Both hold for all of 7.0.15.

namespace eval cases {
    namespace export *
}

# One line per entry: FILE NEEDS NAME. NAME is `line: ...`, `text: ...` or `block: ...` where code outside a
# case is meant. A line `then COMMAND` below a case is a command of it that stays, as later cases rest on it.
# Returns a list of dicts with file, needs, kind, name, then and where.
proc cases::read_list {path} {
    set entries {}
    set number 0
    set channel [open $path]
    while {[gets $channel line] >= 0} {
        incr number
        if {[regexp {^\s*(#|$)} $line]} continue
        if {[regexp {^\s+then (.*?)\s*$} $line -> command] && [llength $entries]} {
            set last [lindex $entries end]
            dict lappend last then $command
            lset entries end $last
            continue
        }
        if {![regexp {^(\S+)\s+(\S+)\s+(\S.*?)\s*$} $line -> file needs name]} {
            error "$path:$number: expected FILE NEEDS NAME, found: $line"
        }
        set kind case
        regexp {^(line|text|block): (.*)$} $name -> kind name
        lappend entries [dict create file $file needs $needs kind $kind name $name \
            then {} where "$path:$number"]
    }
    close $channel
    return $entries
}

# The lines of the command that starts at line `first`: the index of its last line.
proc cases::last_line {lines first} {
    set command ""
    for {set i $first} {$i < [llength $lines]} {incr i} {
        append command [lindex $lines $i] \n
        if {[info complete $command]} {return $i}
    }
    error "line [expr {$first + 1}]: the command never ends"
}

# All cases of a file: a list of dicts with name, first, last (line indexes) and text.
proc cases::in_lines {lines} {
    set found {}
    for {set i 0} {$i < [llength $lines]} {incr i} {
        if {![regexp {^\s*test\s+["\{$]} [lindex $lines $i]]} continue
        set last [last_line $lines $i]
        set text [join [lrange $lines $i $last] \n]
        lappend found [dict create name [lindex [name_source $text] 0] first $i last $last text $text]
    }
    return $found
}

# The procedures a script defines: a dict from name to body.
proc cases::procedures {script} {
    set bodies [dict create]
    set lines [split $script \n]
    for {set i 0} {$i < [llength $lines]} {incr i} {
        if {[regexp {^\s*proc\s+(\S+)} [lindex $lines $i] -> name]} {
            dict set bodies $name [join [lrange $lines $i [last_line $lines $i]] \n]
        }
    }
    return $bodies
}

# The text and that of every procedure it calls, directly or through another.
proc cases::with_calls {text procedures} {
    set seen {}
    set queue [list $text]
    set all ""
    while {[llength $queue]} {
        set queue [lassign $queue code]
        append all $code \n
        foreach word [regexp -all -inline {[\w:]+} $code] {
            if {[dict exists $procedures $word] && ![dict exists $seen $word]} {
                dict set seen $word 1
                lappend queue [dict get $procedures $word]
            }
        }
    }
    return $all
}

# Whether the text uses the word. A need of two words (`client|tracking`) asks for both in this order. A text that
# asks for the number of all commands uses each of them.
proc cases::uses {text word} {
    if {[regexp -nocase {\mcommand\s+(list|count)\M} $text]} {return 1}
    set pattern [string map {| {["\s]+}} $word]
    return [regexp -nocase "(^|\[^\\w-\])${pattern}(\$|\[^\\w-\])" $text]
}

# The file without what the entries name. `note` makes, of the source of a case's name and a reason, the command
# that reports it as left out. Errors name the entry: a name that is not in the file, a text that does not use
# what the entry says it needs, a block whose cases are not listed.
proc cases::cut {path entries procedures note} {
    set script [read_script $path]
    set lines [split $script \n]
    set procedures [dict merge $procedures [procedures $script]]
    set problems {}
    foreach kind {case block line text} {
        foreach entry $entries {
            if {[dict get $entry kind] ne $kind} continue
            if {[catch {set lines [cut_$kind $lines $entry $procedures $note]} problem]} {
                lappend problems "[dict get $entry where]: $problem"
            }
        }
    }
    if {[llength $problems]} {error [join $problems \n]}
    write_script $path [join $lines \n]
}

proc cases::read_script {path} {
    set channel [open $path]
    fconfigure $channel -encoding binary -translation binary
    set script [read $channel]
    close $channel
    return $script
}

proc cases::write_script {path script} {
    set channel [open $path w]
    fconfigure $channel -encoding binary -translation binary
    puts -nonewline $channel $script
    close $channel
}

# Leaves of the file the one case, what stands around it and the servers it runs in: all other cases go, and every
# start_server without it. Of the entries, those for code outside a case go as they do from the file that is run whole.
# False, and the file as it was, when the case stands within such a block: it cannot run.
proc cases::keep_only {path name entries} {
    set lines [split [read_script $path] \n]
    foreach entry $entries {
        switch -- [dict get $entry kind] {
            block {
                set first [only_line $lines $entry]
                set lines [blank $lines $first [last_line $lines $first]]
            }
            line - text {set lines [cut_[dict get $entry kind] $lines $entry {} {}]}
        }
    }
    set kept {}
    foreach case [in_lines $lines] {
        if {[dict get $case name] eq $name} {
            lappend kept [dict get $case first] [dict get $case last]
        } else {
            set lines [blank $lines [dict get $case first] [dict get $case last]]
        }
    }
    if {![llength $kept]} {return 0}
    for {set i 0} {$i < [llength $lines]} {incr i} {
        if {[regexp {^\s*start_server\s} [lindex $lines $i]]} {
            set last [last_line $lines $i]
            if {![touches $i $last $kept]} {set lines [blank $lines $i $last]}
        }
    }
    write_script $path [join $lines \n]
    return 1
}

# Whether the lines from first to last lie around one of the ranges, or within it.
proc cases::touches {first last ranges} {
    foreach {from to} $ranges {
        if {$first <= $to && $from <= $last} {return 1}
    }
    return 0
}

proc cases::blank {lines first last} {
    return [lreplace $lines $first $last {*}[lrepeat [expr {$last - $first + 1}] ""]]
}

# The reason's own word `design` asks for no use in the text: it marks what is left out for good.
proc cases::check_use {text entry procedures} {
    set needs [dict get $entry needs]
    if {$needs ne "design" && ![uses [with_calls $text $procedures] $needs]} {
        error "'[dict get $entry name]' does not use $needs"
    }
}

proc cases::cut_case {lines entry procedures note} {
    set found 0
    foreach case [in_lines $lines] {
        if {[dict get $case name] ne [dict get $entry name]} continue
        set text "[servers_around $lines [dict get $case first]]\n[dict get $case text]"
        check_use $text $entry $procedures
        set lines [replace $lines [dict get $case first] [dict get $case last] \
            [left_out [dict get $case text] $entry $note]]
        incr found
    }
    if {!$found} {error "no case '[dict get $entry name]' in [dict get $entry file]"}
    return $lines
}

# What stands where a case was cut.
proc cases::left_out {text entry note} {
    set lines [lmap line [split $text \n] {string trim $line}]
    set commands [list [$note [name_source $text]]]
    foreach command [dict get $entry then] {
        if {$command ni $lines} {error "'[dict get $entry name]' has no line '$command'"}
        lappend commands $command
    }
    return "[join $commands {; }] ;# left out"
}

# The first lines of the start_server commands around a line: a case also uses what its server is started with.
proc cases::servers_around {lines index} {
    set around {}
    for {set i 0} {$i < $index} {incr i} {
        set line [lindex $lines $i]
        if {[regexp {^\s*start_server\s.*overrides} $line] && [last_line $lines $i] >= $index} {
            lappend around $line
        }
    }
    return [join $around \n]
}

# Of a block only the notes of the cases in it stay.
proc cases::cut_block {lines entry procedures note} {
    set first [only_line $lines $entry]
    set last [last_line $lines $first]
    set text [join [lrange $lines $first $last] \n]
    if {[llength [in_lines [lrange $lines $first $last]]]} {
        error "the block holds cases that are not listed"
    }
    check_use $text $entry $procedures
    set left [lmap line [lrange $lines $first $last] {
        expr {[string match "*;# left out" $line] ? [string trim $line] : ""}
    }]
    return [lreplace $lines $first $last {*}$left]
}

proc cases::cut_line {lines entry procedures note} {
    set index [only_line $lines $entry]
    check_use [lindex $lines $index] $entry $procedures
    return [lreplace $lines $index $index ""]
}

# Cuts a text that stands once within a line and leaves the rest of the line.
proc cases::cut_text {lines entry procedures note} {
    set text [dict get $entry name]
    set found [lsearch -all $lines "*[string map {* \\* ? \\? \[ \\\[ \] \\\] \\ \\\\} $text]*"]
    if {[llength $found] != 1} {error "'$text' stands [llength $found] times in the file"}
    check_use $text $entry $procedures
    set index [lindex $found 0]
    return [lreplace $lines $index $index [string map [list $text ""] [lindex $lines $index]]]
}

proc cases::only_line {lines entry} {
    set found {}
    for {set i 0} {$i < [llength $lines]} {incr i} {
        if {[string trim [lindex $lines $i]] eq [dict get $entry name]} {lappend found $i}
    }
    if {[llength $found] != 1} {
        error "the line '[dict get $entry name]' stands [llength $found] times in the file"
    }
    return $found
}

# The name as the source writes it, quotes and variables included.
proc cases::name_source {text} {
    regexp {^\s*test\s+(.*)$} $text -> rest
    for {set end 0} {$end < [string length $rest]} {incr end} {
        set word [string range $rest 0 $end]
        if {[string length $word] > 1 && [info complete $word]
                && [regexp {^\s} [string range $rest $end+1 end]]} {
            return $word
        }
    }
    error "cannot read the case's name"
}

proc cases::replace {lines first last text} {
    return [lreplace [blank $lines $first $last] $first $first $text]
}

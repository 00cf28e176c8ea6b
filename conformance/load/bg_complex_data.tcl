# Background load with strings only, in place of the suite's helper, which writes every data type: the same
# arguments, name and duration, so that the replication cases that use it run in full until those types exist.
# No key expires during a case: digests of a primary and a replica are asked for one after the other.

source tests/support/redis.tcl
source tests/support/util.tcl

set ::tlsdir "tests/tls"

proc write_strings {client operations} {
    for {set done 0} {$done < $operations} {incr done} {
        set key [randomKey]
        switch [randomInt 12] {
            0 {$client set $key [randomValue]}
            1 {$client set $key [randomValue] px [expr {3600000 + [randomInt 100000]}]}
            2 {$client append $key [randomValue]}
            3 {$client setrange $key [randomInt 200] [randomValue]}
            4 {$client setbit $key [randomInt 1000] [randomInt 2]}
            5 {$client mset $key [randomValue] [randomKey] [randomValue]}
            6 {$client set counter:[randomInt 100] [randomInt 1000]}
            7 {$client incrby counter:[randomInt 100] [randomSignedInt 1000]}
            8 {$client getex $key px [expr {3600000 + [randomInt 100000]}]}
            9 {$client getdel $key}
            10 {$client del $key [randomKey]}
            11 {set other [randomKey]; if {$other ne $key} {$client copy $key $other replace}}
        }
    }
}

lassign $argv host port database operations tls
set client [redis $host $port 0 $tls]
$client client setname LOAD_HANDLER
$client select $database
write_strings $client $operations

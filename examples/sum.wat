;; The smallest hot loop: 1 + 2 + … + n, a 64-bit sum called once.
;; run: main 10 => 55
;; run: main 100000000 => 5000000050000000
(module
  (func (export "main") (param $n i64) (result i64)
    (local $sum i64)
    (block $done
      (loop $next
        (br_if $done (i64.eqz (local.get $n)))
        (local.set $sum (i64.add (local.get $sum) (local.get $n)))
        (local.set $n (i64.sub (local.get $n) (i64.const 1)))
        (br $next)))
    (local.get $sum)))

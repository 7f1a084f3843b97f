;; A hash map with open addressing, 65,536 entries of 16 bytes (key, value): counts n pseudo-random keys below
;; 30,000, then returns the sum over all entries of value squared.
;; run: main 10 => 10
;; run: main 1000000 => 34339318
(module
  (memory 16)

  ;; Address of the entry for a key that is not zero, empty or its own.
  (func $find (param $key i64) (result i32)
    (local $at i32)
    (local.set $at
      (i32.shl
        (i32.wrap_i64
          (i64.shr_u (i64.mul (local.get $key) (i64.const 0x9E3779B97F4A7C15)) (i64.const 48)))
        (i32.const 4)))
    (loop $probe
      (if (i64.eqz (i64.load (local.get $at))) (then (return (local.get $at))))
      (if (i64.eq (i64.load (local.get $at)) (local.get $key)) (then (return (local.get $at))))
      (local.set $at (i32.and (i32.add (local.get $at) (i32.const 16)) (i32.const 0xFFFFF)))
      (br $probe))
    (unreachable))

  (func (export "main") (param $n i32) (result i64)
    (local $x i64) (local $at i32) (local $sum i64) (local $count i64)
    (local.set $x (i64.const 88172645463325252))
    (block $counted
      (loop $next
        (br_if $counted (i32.eqz (local.get $n)))
        (local.set $x (i64.xor (local.get $x) (i64.shl (local.get $x) (i64.const 13))))
        (local.set $x (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 7))))
        (local.set $x (i64.xor (local.get $x) (i64.shl (local.get $x) (i64.const 17))))
        (local.set $at
          (call $find (i64.add (i64.rem_u (local.get $x) (i64.const 30000)) (i64.const 1))))
        (i64.store (local.get $at)
          (i64.add (i64.rem_u (local.get $x) (i64.const 30000)) (i64.const 1)))
        (i64.store offset=8 (local.get $at)
          (i64.add (i64.load offset=8 (local.get $at)) (i64.const 1)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $next)))
    (local.set $at (i32.const 0xFFFF0))
    (loop $all
      (local.set $count (i64.load offset=8 (local.get $at)))
      (local.set $sum (i64.add (local.get $sum) (i64.mul (local.get $count) (local.get $count))))
      (i64.store (local.get $at) (i64.const 0))
      (i64.store offset=8 (local.get $at) (i64.const 0))
      (local.set $at (i32.sub (local.get $at) (i32.const 16)))
      (br_if $all (i32.ge_s (local.get $at) (i32.const 0))))
    (local.get $sum)))

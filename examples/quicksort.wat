;; Quicksort of n pseudo-random 32-bit numbers, n up to 1,000,000; then a checksum of the sorted order:
;; the sum over i of (i + 1) * a[i] modulo 2^64, or 0 if a pair is out of order.
;; run: main 10 => 145115992923
;; run: main 100000 => -4135590447721762705
(module
  (memory 64)

  (func $sort (param $low i32) (param $high i32)  ;; addresses of the first and last word
    (local $i i32) (local $j i32) (local $pivot i32) (local $swap i32)
    (if (i32.ge_s (local.get $low) (local.get $high)) (then (return)))
    (local.set $pivot
      (i32.load
        (i32.add (local.get $low)
          (i32.and (i32.shr_u (i32.sub (local.get $high) (local.get $low)) (i32.const 1)) (i32.const -4)))))
    (local.set $i (local.get $low))
    (local.set $j (local.get $high))
    (block $split
      (loop $next
        (loop $up
          (if (i32.lt_u (i32.load (local.get $i)) (local.get $pivot))
            (then (local.set $i (i32.add (local.get $i) (i32.const 4))) (br $up))))
        (loop $down
          (if (i32.gt_u (i32.load (local.get $j)) (local.get $pivot))
            (then (local.set $j (i32.sub (local.get $j) (i32.const 4))) (br $down))))
        (br_if $split (i32.gt_s (local.get $i) (local.get $j)))
        (local.set $swap (i32.load (local.get $i)))
        (i32.store (local.get $i) (i32.load (local.get $j)))
        (i32.store (local.get $j) (local.get $swap))
        (local.set $i (i32.add (local.get $i) (i32.const 4)))
        (local.set $j (i32.sub (local.get $j) (i32.const 4)))
        (br_if $next (i32.le_s (local.get $i) (local.get $j)))))
    (call $sort (local.get $low) (local.get $j))
    (call $sort (local.get $i) (local.get $high)))

  (func (export "main") (param $n i32) (result i64)
    (local $i i32) (local $seed i32) (local $sum i64) (local $last i32) (local $word i32)
    (local.set $seed (i32.const 12345))
    (block $filled
      (loop $fill
        (br_if $filled (i32.ge_u (local.get $i) (local.get $n)))
        (local.set $seed
          (i32.add (i32.mul (local.get $seed) (i32.const 1664525)) (i32.const 1013904223)))
        (i32.store (i32.shl (local.get $i) (i32.const 2)) (local.get $seed))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $fill)))
    (call $sort (i32.const 0) (i32.shl (i32.sub (local.get $n) (i32.const 1)) (i32.const 2)))
    (local.set $i (i32.const 0))
    (block $done
      (loop $check
        (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
        (local.set $word (i32.load (i32.shl (local.get $i) (i32.const 2))))
        (if (i32.lt_u (local.get $word) (local.get $last)) (then (return (i64.const 0))))
        (local.set $last (local.get $word))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (local.set $sum
          (i64.add (local.get $sum)
            (i64.mul (i64.extend_i32_u (local.get $i)) (i64.extend_i32_u (local.get $word)))))
        (br $check)))
    (local.get $sum)))

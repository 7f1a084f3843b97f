;; The spectral norm of the infinite matrix a[i][j] = 1 / ((i+j)(i+j+1)/2 + i + 1), cut to n×n; ten rounds of the
;; power method; n up to 2,000.
;; run: main 10 => 1.2718440192507248
;; run: main 100 => 1.2742199912349306
(module
  (memory 1)  ;; three vectors of doubles: u at 0, v at 16,384, t at 32,768

  (func $a (param $i i32) (param $j i32) (result f64)
    (local $sum i32)
    (local.set $sum (i32.add (local.get $i) (local.get $j)))
    (f64.div (f64.const 1)
      (f64.convert_i32_s
        (i32.add
          (i32.add
            (i32.div_u
              (i32.mul (local.get $sum) (i32.add (local.get $sum) (i32.const 1)))
              (i32.const 2))
            (local.get $i))
          (i32.const 1)))))

  ;; to = a × from, or its transpose × from
  (func $times (param $n i32) (param $from i32) (param $to i32) (param $transposed i32)
    (local $i i32) (local $j i32) (local $sum f64)
    (loop $rows
      (local.set $sum (f64.const 0))
      (local.set $j (i32.const 0))
      (loop $columns
        (local.set $sum
          (f64.add (local.get $sum)
            (f64.mul
              (if (result f64) (local.get $transposed)
                (then (call $a (local.get $j) (local.get $i)))
                (else (call $a (local.get $i) (local.get $j))))
              (f64.load (i32.add (local.get $from) (i32.shl (local.get $j) (i32.const 3)))))))
        (br_if $columns
          (i32.lt_s (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (f64.store (i32.add (local.get $to) (i32.shl (local.get $i) (i32.const 3))) (local.get $sum))
      (br_if $rows (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n)))))

  (func $dot (param $n i32) (param $x i32) (param $y i32) (result f64)
    (local $sum f64)
    (loop $next
      (local.set $sum
        (f64.add (local.get $sum) (f64.mul (f64.load (local.get $x)) (f64.load (local.get $y)))))
      (local.set $x (i32.add (local.get $x) (i32.const 8)))
      (local.set $y (i32.add (local.get $y) (i32.const 8)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))

  (func (export "main") (param $n i32) (result f64)
    (local $i i32)
    (loop $ones
      (f64.store (i32.shl (local.get $i) (i32.const 3)) (f64.const 1))
      (br_if $ones (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.set $i (i32.const 10))
    (loop $rounds
      (call $times (local.get $n) (i32.const 0) (i32.const 32768) (i32.const 0))
      (call $times (local.get $n) (i32.const 32768) (i32.const 16384) (i32.const 1))
      (call $times (local.get $n) (i32.const 16384) (i32.const 32768) (i32.const 0))
      (call $times (local.get $n) (i32.const 32768) (i32.const 0) (i32.const 1))
      (br_if $rounds (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
    (f64.sqrt
      (f64.div
        (call $dot (local.get $n) (i32.const 0) (i32.const 16384))
        (call $dot (local.get $n) (i32.const 16384) (i32.const 16384))))))

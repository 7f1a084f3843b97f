;; Product of two n×n matrices of doubles, n up to 200; the sum of the product's elements.
;; a[i][j] = i + j, b[i][j] = i - j.
;; run: main 2 => 2
;; run: main 100 => 833250000
(module
  (memory 16)

  (func $main (export "main") (param $n i32) (result f64)
    (local $i i32) (local $j i32) (local $k i32) (local $a i32) (local $b i32)
    (local $dot f64) (local $sum f64) (local $row i32) (local $size i32)
    (local.set $row (i32.shl (local.get $n) (i32.const 3)))
    (local.set $size (i32.mul (local.get $n) (local.get $row)))
    (call $fill (local.get $n) (i32.const 0) (f64.const 1))
    (call $fill (local.get $n) (local.get $size) (f64.const -1))
    (block $rows_done
      (loop $rows
        (br_if $rows_done (i32.ge_s (local.get $i) (local.get $n)))
        (local.set $j (i32.const 0))
        (block $columns_done
          (loop $columns
            (br_if $columns_done (i32.ge_s (local.get $j) (local.get $n)))
            (local.set $dot (f64.const 0))
            (local.set $a (i32.mul (local.get $i) (local.get $row)))
            (local.set $b (i32.add (local.get $size) (i32.shl (local.get $j) (i32.const 3))))
            (local.set $k (local.get $n))
            (block $dot_done
              (loop $dot_next
                (br_if $dot_done (i32.eqz (local.get $k)))
                (local.set $dot
                  (f64.add (local.get $dot)
                    (f64.mul (f64.load (local.get $a)) (f64.load (local.get $b)))))
                (local.set $a (i32.add (local.get $a) (i32.const 8)))
                (local.set $b (i32.add (local.get $b) (local.get $row)))
                (local.set $k (i32.sub (local.get $k) (i32.const 1)))
                (br $dot_next)))
            (local.set $sum (f64.add (local.get $sum) (local.get $dot)))
            (local.set $j (i32.add (local.get $j) (i32.const 1)))
            (br $columns)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $rows)))
    (local.get $sum))

  ;; m[i][j] = i + sign * j
  (func $fill (param $n i32) (param $to i32) (param $sign f64)
    (local $i i32) (local $j i32)
    (block $rows_done
      (loop $rows
        (br_if $rows_done (i32.ge_s (local.get $i) (local.get $n)))
        (local.set $j (i32.const 0))
        (block $columns_done
          (loop $columns
            (br_if $columns_done (i32.ge_s (local.get $j) (local.get $n)))
            (f64.store (local.get $to)
              (f64.add
                (f64.convert_i32_s (local.get $i))
                (f64.mul (local.get $sign) (f64.convert_i32_s (local.get $j)))))
            (local.set $to (i32.add (local.get $to) (i32.const 8)))
            (local.set $j (i32.add (local.get $j) (i32.const 1)))
            (br $columns)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $rows)))))

;; Points of an n×n grid over [-2, 1] × [-1.5, 1.5] that stay in the Mandelbrot set for 100 steps.
;; run: main 10 => 20
;; run: main 200 => 6911
(module
  (func $steps (param $cx f64) (param $cy f64) (result i32)
    (local $x f64) (local $y f64) (local $xx f64) (local $yy f64) (local $left i32)
    (local.set $left (i32.const 100))
    (loop $next
      (local.set $xx (f64.mul (local.get $x) (local.get $x)))
      (local.set $yy (f64.mul (local.get $y) (local.get $y)))
      (if (f64.gt (f64.add (local.get $xx) (local.get $yy)) (f64.const 4))
        (then (return (local.get $left))))
      (local.set $y
        (f64.add (f64.mul (f64.const 2) (f64.mul (local.get $x) (local.get $y))) (local.get $cy)))
      (local.set $x (f64.add (f64.sub (local.get $xx) (local.get $yy)) (local.get $cx)))
      (br_if $next (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i32.const 0))

  (func (export "main") (param $n i32) (result i32)
    (local $i i32) (local $j i32) (local $inside i32) (local $step f64)
    (local.set $step (f64.div (f64.const 3) (f64.convert_i32_s (local.get $n))))
    (block $rows_done
      (loop $rows
        (br_if $rows_done (i32.ge_s (local.get $i) (local.get $n)))
        (local.set $j (i32.const 0))
        (block $columns_done
          (loop $columns
            (br_if $columns_done (i32.ge_s (local.get $j) (local.get $n)))
            (local.set $inside
              (i32.add (local.get $inside)
                (i32.eqz
                  (call $steps
                    (f64.add (f64.const -2) (f64.mul (f64.convert_i32_s (local.get $j)) (local.get $step)))
                    (f64.add (f64.const -1.5) (f64.mul (f64.convert_i32_s (local.get $i)) (local.get $step)))))))
            (local.set $j (i32.add (local.get $j) (i32.const 1)))
            (br $columns)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $rows)))
    (local.get $inside)))

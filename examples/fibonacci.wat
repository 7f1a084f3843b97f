;; Doubly recursive Fibonacci numbers: calls and nothing but calls.
;; run: main 10 => 55
;; run: main 27 => 196418
(module
  (func $fib (export "main") (param $n i32) (result i64)
    (if (result i64) (i32.lt_u (local.get $n) (i32.const 2))
      (then (i64.extend_i32_u (local.get $n)))
      (else
        (i64.add
          (call $fib (i32.sub (local.get $n) (i32.const 1)))
          (call $fib (i32.sub (local.get $n) (i32.const 2))))))))

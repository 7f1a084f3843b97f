;; Branches that are decided, that only choose a value, or that ask the opposite.
(module
  (func $decided (param $x i32) (result i32)
    (if (result i32) (i32.lt_u (i32.and (local.get $x) (i32.const 15)) (i32.const 16))
      (then (i32.const 1)) (else (i32.div_u (local.get $x) (i32.const 0)))))
  (func $choice (param $x i32) (param $y i32) (result i32)
    (if (result i32) (i32.lt_s (local.get $x) (local.get $y))
      (then (local.get $x)) (else (local.get $y))))
  (func $opposite (param $x i32) (result i32)
    (block $no
      (br_if $no (i32.eqz (i32.ne (local.get $x) (i32.const 0))))
      (return (i32.div_u (i32.const 100) (local.get $x))))
    (i32.const 7))
  (func $twice (param $x i32) (param $y i32) (result i32)
    (i32.add (i32.div_s (local.get $x) (local.get $y)) (i32.div_s (local.get $x) (local.get $y)))))

;; What a loop does not change is computed before it; a load too, when every entry would do it first.
(module
  (memory 1)
  (func $invariant (param $a i32) (param $n i32) (result i32) (local $i i32) (local $sum i32)
    (loop $l
      (local.set $sum (i32.add (local.get $sum)
        (i32.add (i32.mul (local.get $a) (i32.const 100)) (i32.load offset=8 (local.get $a)))))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $sum))
  (func $stored (param $a i32) (param $n i32) (local $i i32)
    (loop $l
      (i32.store (local.get $i) (i32.load (local.get $a)))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (local.get $n))))))

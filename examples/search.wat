;; String search by Horspool's method: occurrences of "needle" in n bytes of text made of repeated words.
;; run: main 100 => 5
;; run: main 1000000 => 50000
(module
  (memory 18)
  (data (i32.const 0) "needle")
  (data (i32.const 16) "hay needles hay need")  ;; repeated from 1024 on; one needle every 20 bytes
  ;; 64..319: shift by byte value

  (func $text (param $n i32)
    (local $i i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
        (i32.store8 offset=1024 (local.get $i)
          (i32.load8_u offset=16 (i32.rem_u (local.get $i) (i32.const 20))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next))))

  (func $shifts
    (local $i i32)
    (loop $all
      (i32.store8 offset=64 (local.get $i) (i32.const 6))
      (br_if $all (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 256))))
    (local.set $i (i32.const 0))
    (loop $own
      (i32.store8 offset=64 (i32.load8_u (local.get $i)) (i32.sub (i32.const 5) (local.get $i)))
      (br_if $own (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 5)))))

  (func (export "main") (param $n i32) (result i32)
    (local $at i32) (local $k i32) (local $found i32)
    (call $text (local.get $n))
    (call $shifts)
    (block $done
      (loop $next
        (br_if $done (i32.gt_u (i32.add (local.get $at) (i32.const 6)) (local.get $n)))
        (local.set $k (i32.const 5))
        (block $differs
          (loop $compare
            (br_if $differs
              (i32.ne
                (i32.load8_u offset=1024 (i32.add (local.get $at) (local.get $k)))
                (i32.load8_u (local.get $k))))
            (br_if $compare (i32.ge_s (local.tee $k (i32.sub (local.get $k) (i32.const 1))) (i32.const 0))))
          (local.set $found (i32.add (local.get $found) (i32.const 1))))
        (local.set $at
          (i32.add (local.get $at)
            (i32.load8_u offset=64
              (i32.load8_u offset=1024 (i32.add (local.get $at) (i32.const 5))))))
        (br $next)))
    (local.get $found)))

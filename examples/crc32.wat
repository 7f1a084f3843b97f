;; CRC-32 (IEEE 802.3, reflected) by table over n bytes 0, 1, …, 255, 0, 1, …; the table is made first.
;; run: main 9 => 3168879362
;; run: main 1000000 => 1635920155
(module
  (memory 1)  ;; the table: 256 words

  (func $make_table
    (local $i i32) (local $c i32) (local $bit i32)
    (loop $next
      (local.set $c (local.get $i))
      (local.set $bit (i32.const 8))
      (loop $bits
        (local.set $c
          (select
            (i32.xor (i32.const 0xEDB88320) (i32.shr_u (local.get $c) (i32.const 1)))
            (i32.shr_u (local.get $c) (i32.const 1))
            (i32.and (local.get $c) (i32.const 1))))
        (br_if $bits (local.tee $bit (i32.sub (local.get $bit) (i32.const 1)))))
      (i32.store (i32.shl (local.get $i) (i32.const 2)) (local.get $c))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 256)))))

  (func (export "main") (param $n i32) (result i64)
    (local $crc i32) (local $i i32)
    (call $make_table)
    (local.set $crc (i32.const -1))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
        (local.set $crc
          (i32.xor
            (i32.load
              (i32.shl
                (i32.and (i32.xor (local.get $crc) (local.get $i)) (i32.const 255))
                (i32.const 2)))
            (i32.shr_u (local.get $crc) (i32.const 8))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))
    (i64.extend_i32_u (i32.xor (local.get $crc) (i32.const -1)))))

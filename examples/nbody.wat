;; Five bodies (Sun, Jupiter, Saturn, Uranus, Neptune) for n steps of 0.01 days; the total energy after.
;; run: main 0 => -0.1690751638285433
;; run: main 1000 => -0.16908760523462465
(module
  (memory 1)
  ;; 64 bytes a body: position x y z, velocity x y z, mass, nothing
  (data $bodies (i32.const 0)
    "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\eb\f8\e0\a7\e9\67\39\bf\fb\89\50\fe\ec\d4\6a\bf\71\8a\0b\1f\33\19\f9\3e\de\45\be\c9\3c\bd\43\40\00\00\00\00\00\00\00\00"
    "\2c\d9\3c\34\a0\5d\13\40\7c\db\1f\c0\ab\90\f2\bf\f0\eb\25\6c\f9\86\ba\bf\bc\cc\93\9b\06\67\e3\3f\9b\94\7d\f5\f2\7e\06\40\15\07\5a\9a\d7\d2\99\bf\d8\33\ab\d9\95\4c\a3\3f\00\00\00\00\00\00\00\00"
    "\67\ca\32\c3\cd\af\20\40\b0\01\de\31\cb\7f\10\40\7c\46\eb\e1\53\d3\d9\bf\40\77\87\b8\21\2c\f0\bf\13\8f\1f\bf\e9\35\fd\3f\b4\23\11\5f\48\3c\81\3f\37\c6\07\0d\49\1d\87\3f\00\00\00\00\00\00\00\00"
    "\cf\d9\a7\ce\ea\c9\29\40\7e\66\26\d6\e8\38\2e\c0\a0\7d\25\be\57\95\cc\bf\ef\1b\91\a9\1c\53\f1\3f\c5\bb\54\3e\7f\cc\eb\3f\7c\3e\f2\fa\6b\2f\86\bf\b3\1e\f4\9c\d2\3d\5c\3f\00\00\00\00\00\00\00\00"
    "\2a\57\05\a9\67\c2\2e\40\20\a2\c8\33\58\eb\39\c0\40\e5\ab\93\f3\f1\c6\3f\4a\bc\59\16\b6\54\ef\3f\a3\fb\c4\31\c6\07\e3\3f\f6\65\76\58\88\cb\a1\bf\ac\99\17\53\f3\a8\60\3f\00\00\00\00\00\00\00\00")
  ;; The same again, from which every call starts.
  (data (i32.const 1024)
    "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\eb\f8\e0\a7\e9\67\39\bf\fb\89\50\fe\ec\d4\6a\bf\71\8a\0b\1f\33\19\f9\3e\de\45\be\c9\3c\bd\43\40\00\00\00\00\00\00\00\00"
    "\2c\d9\3c\34\a0\5d\13\40\7c\db\1f\c0\ab\90\f2\bf\f0\eb\25\6c\f9\86\ba\bf\bc\cc\93\9b\06\67\e3\3f\9b\94\7d\f5\f2\7e\06\40\15\07\5a\9a\d7\d2\99\bf\d8\33\ab\d9\95\4c\a3\3f\00\00\00\00\00\00\00\00"
    "\67\ca\32\c3\cd\af\20\40\b0\01\de\31\cb\7f\10\40\7c\46\eb\e1\53\d3\d9\bf\40\77\87\b8\21\2c\f0\bf\13\8f\1f\bf\e9\35\fd\3f\b4\23\11\5f\48\3c\81\3f\37\c6\07\0d\49\1d\87\3f\00\00\00\00\00\00\00\00"
    "\cf\d9\a7\ce\ea\c9\29\40\7e\66\26\d6\e8\38\2e\c0\a0\7d\25\be\57\95\cc\bf\ef\1b\91\a9\1c\53\f1\3f\c5\bb\54\3e\7f\cc\eb\3f\7c\3e\f2\fa\6b\2f\86\bf\b3\1e\f4\9c\d2\3d\5c\3f\00\00\00\00\00\00\00\00"
    "\2a\57\05\a9\67\c2\2e\40\20\a2\c8\33\58\eb\39\c0\40\e5\ab\93\f3\f1\c6\3f\4a\bc\59\16\b6\54\ef\3f\a3\fb\c4\31\c6\07\e3\3f\f6\65\76\58\88\cb\a1\bf\ac\99\17\53\f3\a8\60\3f\00\00\00\00\00\00\00\00")

  (func $reset
    (local $i i32)
    (loop $next
      (i64.store (local.get $i) (i64.load offset=1024 (local.get $i)))
      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 8))) (i32.const 320)))))

  ;; body[a].velocity[axis] += by
  (func $push (param $at i32) (param $by f64)
    (f64.store (local.get $at) (f64.add (f64.load (local.get $at)) (local.get $by))))

  (func $step (param $dt f64)
    (local $a i32) (local $b i32) (local $dx f64) (local $dy f64) (local $dz f64)
    (local $square f64) (local $magnitude f64) (local $ma f64) (local $mb f64)
    (loop $first
      (local.set $b (i32.add (local.get $a) (i32.const 64)))
      (block $paired
        (loop $second
          (br_if $paired (i32.ge_u (local.get $b) (i32.const 320)))
          (local.set $dx (f64.sub (f64.load (local.get $a)) (f64.load (local.get $b))))
          (local.set $dy (f64.sub (f64.load offset=8 (local.get $a)) (f64.load offset=8 (local.get $b))))
          (local.set $dz (f64.sub (f64.load offset=16 (local.get $a)) (f64.load offset=16 (local.get $b))))
          (local.set $square
            (f64.add
              (f64.add (f64.mul (local.get $dx) (local.get $dx)) (f64.mul (local.get $dy) (local.get $dy)))
              (f64.mul (local.get $dz) (local.get $dz))))
          (local.set $magnitude
            (f64.div (local.get $dt) (f64.mul (local.get $square) (f64.sqrt (local.get $square)))))
          (local.set $ma (f64.mul (f64.load offset=48 (local.get $a)) (local.get $magnitude)))
          (local.set $mb (f64.mul (f64.load offset=48 (local.get $b)) (local.get $magnitude)))
          (call $push (i32.add (local.get $a) (i32.const 24)) (f64.neg (f64.mul (local.get $dx) (local.get $mb))))
          (call $push (i32.add (local.get $a) (i32.const 32)) (f64.neg (f64.mul (local.get $dy) (local.get $mb))))
          (call $push (i32.add (local.get $a) (i32.const 40)) (f64.neg (f64.mul (local.get $dz) (local.get $mb))))
          (call $push (i32.add (local.get $b) (i32.const 24)) (f64.mul (local.get $dx) (local.get $ma)))
          (call $push (i32.add (local.get $b) (i32.const 32)) (f64.mul (local.get $dy) (local.get $ma)))
          (call $push (i32.add (local.get $b) (i32.const 40)) (f64.mul (local.get $dz) (local.get $ma)))
          (local.set $b (i32.add (local.get $b) (i32.const 64)))
          (br $second)))
      (br_if $first (i32.lt_u (local.tee $a (i32.add (local.get $a) (i32.const 64))) (i32.const 320))))
    (local.set $a (i32.const 0))
    (loop $move
      (call $push (local.get $a) (f64.mul (local.get $dt) (f64.load offset=24 (local.get $a))))
      (call $push (i32.add (local.get $a) (i32.const 8)) (f64.mul (local.get $dt) (f64.load offset=32 (local.get $a))))
      (call $push (i32.add (local.get $a) (i32.const 16)) (f64.mul (local.get $dt) (f64.load offset=40 (local.get $a))))
      (br_if $move (i32.lt_u (local.tee $a (i32.add (local.get $a) (i32.const 64))) (i32.const 320)))))

  (func $square_length (param $at i32) (result f64)
    (f64.add
      (f64.add
        (f64.mul (f64.load (local.get $at)) (f64.load (local.get $at)))
        (f64.mul (f64.load offset=8 (local.get $at)) (f64.load offset=8 (local.get $at))))
      (f64.mul (f64.load offset=16 (local.get $at)) (f64.load offset=16 (local.get $at)))))

  (func $distance (param $a i32) (param $b i32) (result f64)
    (f64.store (i32.const 2048) (f64.sub (f64.load (local.get $a)) (f64.load (local.get $b))))
    (f64.store (i32.const 2056) (f64.sub (f64.load offset=8 (local.get $a)) (f64.load offset=8 (local.get $b))))
    (f64.store (i32.const 2064) (f64.sub (f64.load offset=16 (local.get $a)) (f64.load offset=16 (local.get $b))))
    (f64.sqrt (call $square_length (i32.const 2048))))

  (func $energy (result f64)
    (local $a i32) (local $b i32) (local $e f64)
    (loop $first
      (local.set $e
        (f64.add (local.get $e)
          (f64.mul (f64.const 0.5)
            (f64.mul (f64.load offset=48 (local.get $a))
              (call $square_length (i32.add (local.get $a) (i32.const 24)))))))
      (local.set $b (i32.add (local.get $a) (i32.const 64)))
      (block $paired
        (loop $second
          (br_if $paired (i32.ge_u (local.get $b) (i32.const 320)))
          (local.set $e
            (f64.sub (local.get $e)
              (f64.div
                (f64.mul (f64.load offset=48 (local.get $a)) (f64.load offset=48 (local.get $b)))
                (call $distance (local.get $a) (local.get $b)))))
          (local.set $b (i32.add (local.get $b) (i32.const 64)))
          (br $second)))
      (br_if $first (i32.lt_u (local.tee $a (i32.add (local.get $a) (i32.const 64))) (i32.const 320))))
    (local.get $e))

  (func (export "main") (param $n i32) (result f64)
    (call $reset)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $n)))
        (call $step (f64.const 0.01))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $next)))
    (call $energy)))

;; Two loops. From the inner one the outer is reached again, so it stays; what came before both is gone.
(module
  (func $nest (param $n i32) (result i32) (local $i i32) (local $j i32) (local $sum i32)
    (local.set $sum (i32.mul (local.get $n) (i32.const 100)))
    (loop $outer
      (local.set $j (i32.const 0))
      (loop $inner
        (local.set $sum (i32.add (local.get $sum) (local.get $j)))
        (local.set $j (i32.add (local.get $j) (i32.const 1)))
        (br_if $inner (i32.lt_s (local.get $j) (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $outer (i32.lt_s (local.get $i) (local.get $n))))
    (local.get $sum)))
;; expected:
;; func "nest"(i32) -> (i32) {
;;   block0(v0: i32):
;;     v5 = i32.const 100 @1d
;;     v6 = i32.mul v0, v5 @20
;;     v7 = i32.const 0
;;     jump block1(v7, v6)
;;   block1(v1: i32, v2: i32) loop 0:
;;     v8 = i32.const 0 @25
;;     jump block2(v2, v8)
;;   block2(v3: i32, v4: i32) loop 1:
;;     v9 = i32.add v3, v4 @2f
;;     v10 = i32.const 1 @34
;;     v11 = i32.add v4, v10 @36
;;     v12 = i32.lt_s v11, v1 @3d
;;     br_if v12, block2(v9, v11), block3
;;   block3:
;;     v13 = i32.const 1 @43
;;     v14 = i32.add v1, v13 @45
;;     v15 = i32.lt_s v14, v0 @4c
;;     br_if v15, block1(v14, v9), block4
;;   block4:
;;     return v9
;; }
;; func "nest@loop0"() -> (i32) {
;;   block0:
;;     v4 = i32.state local 0
;;     v5 = i32.state local 3
;;     v6 = i32.state local 1
;;     jump block1(v6, v5)
;;   block1(v0: i32, v1: i32) loop 0:
;;     v7 = i32.const 0 @25
;;     jump block2(v1, v7)
;;   block2(v2: i32, v3: i32) loop 1:
;;     v8 = i32.add v2, v3 @2f
;;     v9 = i32.const 1 @34
;;     v10 = i32.add v3, v9 @36
;;     v11 = i32.lt_s v10, v0 @3d
;;     br_if v11, block2(v8, v10), block3
;;   block3:
;;     v12 = i32.const 1 @43
;;     v13 = i32.add v0, v12 @45
;;     v14 = i32.lt_s v13, v4 @4c
;;     br_if v14, block1(v13, v8), block4
;;   block4:
;;     return v8
;; }
;; func "nest@loop1"() -> (i32) {
;;   block0:
;;     v3 = i32.state local 1
;;     v4 = i32.state local 2
;;     v5 = i32.state local 3
;;     v6 = i32.state local 0
;;     jump block1(v5, v4, v3)
;;   block1(v0: i32, v1: i32, v2: i32) loop 1:
;;     v7 = i32.add v0, v1 @2f
;;     v8 = i32.const 1 @34
;;     v9 = i32.add v1, v8 @36
;;     v10 = i32.lt_s v9, v2 @3d
;;     br_if v10, block1(v7, v9, v2), block2
;;   block2:
;;     v11 = i32.const 1 @43
;;     v12 = i32.add v2, v11 @45
;;     v13 = i32.lt_s v12, v6 @4c
;;     br_if v13, block3, block4
;;   block3 loop 0:
;;     v14 = i32.const 0 @25
;;     jump block1(v7, v14, v12)
;;   block4:
;;     return v7
;; }

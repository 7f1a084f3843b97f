;; A counted loop. Entered at its header, only the two live locals are read.
(module
  (func $sum (param $n i32) (result i32) (local $s i32) (local $unused f64)
    (loop $again
      (local.set $s (i32.add (local.get $s) (local.get $n)))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $s)))
;; expected:
;; func "sum"(i32) -> (i32) {
;;   block0(v0: i32):
;;     v3 = i32.const 0
;;     jump block1(v3, v0)
;;   block1(v1: i32, v2: i32) loop 0:
;;     v4 = i32.add v1, v2 @23
;;     v5 = i32.const 1 @28
;;     v6 = i32.sub v2, v5 @2a
;;     br_if v6, block1(v4, v6), block2
;;   block2:
;;     return v4
;; }
;; func "sum@loop0"() -> (i32) {
;;   block0:
;;     v2 = i32.state local 0
;;     v3 = i32.state local 1
;;     jump block1(v3, v2)
;;   block1(v0: i32, v1: i32) loop 0:
;;     v4 = i32.add v0, v1 @23
;;     v5 = i32.const 1 @28
;;     v6 = i32.sub v1, v5 @2a
;;     br_if v6, block1(v4, v6), block2
;;   block2:
;;     return v4
;; }

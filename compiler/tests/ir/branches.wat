;; Arms, a table with a repeated label, several results, and code that control cannot come to.
(module
  (func $arms (param i32) (result i32 f32)
    (if (result i32 f32) (local.get 0)
      (then (i32.const 1) (f32.const 0.5))
      (else (return (i32.const 2) (f32.const nan)))))
  (func $table (param i32) (result i32)
    (block $b (result i32)
      (block $a (result i32)
        (br_table $a $b $a (i32.const 10) (local.get 0)))
      (i32.add (i32.const 1))))
  (func $dead (param i32)
    (loop $never_again
      (br 1)
      (loop (br 0))
      (drop (i32.add (local.get 0))))
    (unreachable)))
;; expected:
;; func "arms"(i32) -> (i32, f32) {
;;   block0(v0: i32):
;;     br_if v0, block1, block2
;;   block1:
;;     v3 = i32.const 1 @2e
;;     v4 = f32.const 0x3f000000 @30 ; 0.5
;;     jump block3(v3, v4)
;;   block2:
;;     v5 = i32.const 2 @36
;;     v6 = f32.const 0x7fc00000 @38 ; NaN
;;     jump block3(v5, v6)
;;   block3(v1: i32, v2: f32):
;;     return v1, v2
;; }
;; func "table"(i32) -> (i32) {
;;   block0(v0: i32):
;;     v2 = i32.const 10 @46
;;     br_table v0, block2, block1, block2
;;   block1:
;;     jump block3(v2)
;;   block2:
;;     v3 = i32.const 1 @50
;;     v4 = i32.add v2, v3 @52
;;     jump block3(v4)
;;   block3(v1: i32):
;;     return v1
;; }
;; func "dead"(i32) -> () {
;;   block0(v0: i32):
;;     return
;; }
;; func "dead@loop0"() -> () {
;;   block0:
;;     return
;; }

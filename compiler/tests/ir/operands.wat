;; Values on the operand stack across a loop: the one below it and the loop's own parameter are state too.
(module
  (func $f (param $n i32) (result i64)
    i64.const 7
    local.get $n
    loop $again (param i32) (result i32)
      i32.const 3
      i32.sub
      local.tee $n
      local.get $n
      i32.const 0
      i32.gt_s
      br_if $again
    end
    i64.extend_i32_s
    i64.add))
;; expected:
;; func "f"(i32) -> (i64) {
;;   block0(v0: i32):
;;     v2 = i64.const 7 @1e
;;     jump block1(v0)
;;   block1(v1: i32) loop 0:
;;     v3 = i32.const 3 @24
;;     v4 = i32.sub v1, v3 @26
;;     v5 = i32.const 0 @2b
;;     v6 = i32.gt_s v4, v5 @2d
;;     br_if v6, block1(v4), block2
;;   block2:
;;     v7 = i64.extend_i32_s v4 @31
;;     v8 = i64.add v2, v7 @32
;;     return v8
;; }
;; func "f@loop0"() -> (i64) {
;;   block0:
;;     v1 = i32.state operand 1
;;     v2 = i64.state operand 0
;;     jump block1(v1)
;;   block1(v0: i32) loop 0:
;;     v3 = i32.const 3 @24
;;     v4 = i32.sub v0, v3 @26
;;     v5 = i32.const 0 @2b
;;     v6 = i32.gt_s v4, v5 @2d
;;     br_if v6, block1(v4), block2
;;   block2:
;;     v7 = i64.extend_i32_s v4 @31
;;     v8 = i64.add v2, v7 @32
;;     return v8
;; }

;; Memory, globals and calls.
(module
  (import "env" "log" (func $log (param i32) (result i32 i64)))
  (memory 1)
  (table 1 funcref)
  (global $g (mut f64) (f64.const 0))
  (func $all (param $at i32)
    (i64.store offset=8 (local.get $at) (i64.load16_s offset=2 (local.get $at)))
    (global.set $g (f64.sqrt (global.get $g)))
    (call $log (local.get $at))
    (drop)
    (call_indirect (param i32) (local.get $at))
    (drop (memory.grow (memory.size)))))
;; expected:
;; func "all"(i32) -> () {
;;   block0(v0: i32):
;;     v1 = i64.load16_s v0 offset=2 @49
;;     i64.store v0, v1 offset=8 @4c
;;     v2: f64 = global.get 0 @4f
;;     v3 = f64.sqrt v2 @51
;;     global.set 0 v3 @52
;;     v4: i32, v5: i64 = call 0 v0 @56
;;     call_indirect 1 v4, v0 @5b
;;     v6 = memory.size @5e
;;     v7 = memory.grow v6 @60
;;     return
;; }

;; A local that no arm writes needs no parameter where they meet; one that both write does.
(module
  (func $merge (param $c i32) (param $kept i64) (param $set i64) (result i64)
    (if (local.get $c)
      (then (local.set $set (i64.const 1)))
      (else (local.set $set (i64.add (local.get $set) (local.get $kept)))))
    (i64.mul (local.get $kept) (local.get $set))))
;; expected:
;; func "merge"(i32, i64, i64) -> (i64) {
;;   block0(v0: i32, v1: i64, v2: i64):
;;     br_if v0, block1, block2
;;   block1:
;;     v4 = i64.const 1 @1f
;;     jump block3(v4)
;;   block2:
;;     v5 = i64.add v2, v1 @28
;;     jump block3(v5)
;;   block3(v3: i64):
;;     v6 = i64.mul v1, v3 @30
;;     return v6
;; }

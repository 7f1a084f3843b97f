;; Compares go into branches and selects; a compare whose value is wanted becomes `setcc` after a zero.
(module
  (memory 1)
  (func $branch (param i32 i32) (result i32)
    (if (result i32) (i32.lt_u (local.get 0) (i32.const 10))
      (then (local.get 1)) (else (i32.const 7))))
  (func $select (param i64 i64 i32) (result i64)
    (select (local.get 0) (local.get 1) (i64.gt_s (local.get 0) (local.get 1))))
  (func $value (param i32) (result i32) (i32.eqz (i32.and (local.get 0) (i32.const 6))))
  (func $loaded (param i32) (result i32)
    (i32.ge_s (i32.load (local.get 0)) (i32.const 3)))
  (func $float_equal (param f64 f64) (result i32) (f64.eq (local.get 0) (local.get 1)))
  (func $float_branch (param f32 f32) (result f32)
    (if (result f32) (f32.ne (local.get 0) (local.get 1)) (then (local.get 0)) (else (f32.const 0))))
  (func $float_select (param f64 f64) (result f64)
    (select (local.get 0) (local.get 1) (f64.lt (local.get 0) (local.get 1)))))

;; ---- code ----
;;
;; branch: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov esi,esi
;; 0006  mov eax,edx
;; 0008  cmp rsp,[rdi]
;; 000b  jb 0000000000000021h
;; 0011  cmp esi,0Ah
;; 0014  jb 000000000000001Fh
;; 001a  mov eax,7
;; 001f  epilog: pop rbp
;; 0020  ret
;; 0021  ud2  ; trap: call stack exhausted
;;
;; select: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: cmp rsp,[rdi]
;; 0007  jb 0000000000000019h
;; 000d  cmp rsi,rdx
;; 0010  mov rax,rdx
;; 0013  cmovg rax,rsi
;; 0017  epilog: pop rbp
;; 0018  ret
;; 0019  ud2  ; trap: call stack exhausted
;;
;; value: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov esi,esi
;; 0006  cmp rsp,[rdi]
;; 0009  jb 000000000000001Ch
;; 000f  xor eax,eax
;; 0011  test esi,6
;; 0017  sete al
;; 001a  epilog: pop rbp
;; 001b  ret
;; 001c  ud2  ; trap: call stack exhausted
;;
;; loaded: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov esi,esi
;; 0006  cmp rsp,[rdi]
;; 0009  jb 000000000000001Eh
;; 000f  mov rdi,[rdi+20h]
;; 0013  xor eax,eax
;; 0015  cmp dword ptr [rdi+rsi],3  ; trap: out of bounds memory access
;; 0019  setge al
;; 001c  epilog: pop rbp
;; 001d  ret
;; 001e  ud2  ; trap: call stack exhausted
;;
;; float_equal: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: cmp rsp,[rdi]
;; 0007  jb 0000000000000022h
;; 000d  ucomisd xmm0,xmm1
;; 0011  sete r10b
;; 0015  setnp r11b
;; 0019  and r10d,r11d
;; 001c  movzx eax,r10b
;; 0020  epilog: pop rbp
;; 0021  ret
;; 0022  ud2  ; trap: call stack exhausted
;;
;; float_branch: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: cmp rsp,[rdi]
;; 0007  jb 0000000000000021h
;; 000d  ucomiss xmm0,xmm1
;; 0010  jne 000000000000001Fh
;; 0016  jp 000000000000001Fh
;; 001c  xorps xmm0,xmm0
;; 001f  epilog: pop rbp
;; 0020  ret
;; 0021  ud2  ; trap: call stack exhausted
;;
;; float_select: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: cmp rsp,[rdi]
;; 0007  jb 0000000000000022h
;; 000d  ucomisd xmm1,xmm0
;; 0011  movaps xmm2,xmm0
;; 0014  movaps xmm0,xmm1
;; 0017  jbe 0000000000000020h
;; 001d  movaps xmm0,xmm2
;; 0020  epilog: pop rbp
;; 0021  ret
;; 0022  ud2  ; trap: call stack exhausted

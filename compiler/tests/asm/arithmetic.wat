;; Immediates, `lea`, scaled additions, masks as zero extensions, shifts and rotates, bit counts.
(module
  (func $sums (param i32 i32) (result i32)
    (i32.add (i32.add (i32.add (local.get 0) (i32.shl (local.get 1) (i32.const 2))) (i32.const 40))
      (i32.sub (local.get 1) (i32.const 3))))
  (func $products (param i64 i64) (result i64)
    (i64.add (i64.mul (local.get 0) (i64.const 9))
      (i64.xor (i64.mul (local.get 1) (i64.const 1000)) (i64.mul (local.get 0) (local.get 1)))))
  (func $masks (param i64 i32) (result i64)
    (i64.or (i64.and (local.get 0) (i64.const 0xffffffff))
      (i64.extend_i32_u (i32.and (local.get 1) (i32.const 255)))))
  (func $shifts (param i32 i32) (result i32)
    (i32.rotl (i32.shr_u (local.get 0) (i32.and (local.get 1) (i32.const 31))) (i32.const 7)))
  (func $counts (param i64) (result i64)
    (i64.sub (i64.clz (local.get 0)) (i64.add (i64.ctz (local.get 0)) (i64.popcnt (local.get 0)))))
  (func $constants (result i64)
    (i64.add (i64.const 0x123456789abcdef0) (i64.const -5)))
  (func $wraps (param i64) (result i32)
    (i32.add (i32.wrap_i64 (local.get 0)) (i32.extend8_s (i32.wrap_i64 (local.get 0))))))

;; ---- code ----
;;
;; sums: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov r11,rdi
;; 0007  mov esi,esi
;; 0009  mov edi,edx
;; 000b  cmp rsp,[r11]
;; 000e  jb 0000000000000023h
;; 0014  lea r8d,[rsi+rdi*4+28h]
;; 0019  lea r9d,[rdi-3]
;; 001d  lea eax,[r8+r9]
;; 0021  epilog: pop rbp
;; 0022  ret
;; 0023  ud2  ; trap: call stack exhausted
;;
;; products: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: cmp rsp,[rdi]
;; 0007  jb 0000000000000025h
;; 000d  lea rdi,[rsi+rsi*8]
;; 0011  imul r8,rdx,3E8h
;; 0018  imul rdx,rsi
;; 001c  xor r8,rdx
;; 001f  lea rax,[rdi+r8]
;; 0023  epilog: pop rbp
;; 0024  ret
;; 0025  ud2  ; trap: call stack exhausted
;;
;; masks: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov r8d,edx
;; 0007  cmp rsp,[rdi]
;; 000a  jb 000000000000001Bh
;; 0010  mov eax,esi
;; 0012  movzx r8d,r8b
;; 0016  or rax,r8
;; 0019  epilog: pop rbp
;; 001a  ret
;; 001b  ud2  ; trap: call stack exhausted
;;
;; shifts: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov eax,esi
;; 0006  mov ecx,edx
;; 0008  cmp rsp,[rdi]
;; 000b  jb 0000000000000018h
;; 0011  shr eax,cl
;; 0013  rol eax,7
;; 0016  epilog: pop rbp
;; 0017  ret
;; 0018  ud2  ; trap: call stack exhausted
;;
;; counts: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: cmp rsp,[rdi]
;; 0007  jb 0000000000000025h
;; 000d  lzcnt rax,rsi
;; 0012  tzcnt r8,rsi
;; 0017  popcnt r10,rsi
;; 001c  lea r9,[r8+r10]
;; 0020  sub rax,r9
;; 0023  epilog: pop rbp
;; 0024  ret
;; 0025  ud2  ; trap: call stack exhausted
;;
;; constants: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: cmp rsp,[rdi]
;; 0007  jb 000000000000001Dh
;; 000d  mov rsi,123456789ABCDEF0h
;; 0017  lea rax,[rsi-5]
;; 001b  epilog: pop rbp
;; 001c  ret
;; 001d  ud2  ; trap: call stack exhausted
;;
;; wraps: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: cmp rsp,[rdi]
;; 0007  jb 0000000000000016h
;; 000d  movsx edi,sil
;; 0011  lea eax,[rsi+rdi]
;; 0014  epilog: pop rbp
;; 0015  ret
;; 0016  ud2  ; trap: call stack exhausted

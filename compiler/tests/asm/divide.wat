;; By a constant: a multiplication. Otherwise the checks WebAssembly asks for, the rare ones out of line.
(module
  (func $by_ten (param i32) (result i32) (i32.div_u (local.get 0) (i32.const 10)))
  (func $rest_of_seven (param i32) (result i32) (i32.rem_u (local.get 0) (i32.const 7)))
  (func $signed_by_hundred (param i64) (result i64) (i64.div_s (local.get 0) (i64.const 100)))
  (func $quotient (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func $rest (param i64 i64) (result i64) (i64.rem_s (local.get 0) (local.get 1)))
  (func $unsigned (param i32 i32) (result i32) (i32.div_u (local.get 0) (local.get 1))))

;; ---- code ----
;;
;; by_ten: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov esi,esi
;; 0006  cmp rsp,[rdi]
;; 0009  jb 000000000000001Eh
;; 000f  mov eax,0CCCCCCCDh
;; 0014  imul rax,rsi
;; 0018  shr rax,23h
;; 001c  epilog: pop rbp
;; 001d  ret
;; 001e  ud2  ; trap: call stack exhausted
;;
;; rest_of_seven: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov eax,esi
;; 0006  cmp rsp,[rdi]
;; 0009  jb 0000000000000036h
;; 000f  imul r9,rax,24924925h
;; 0016  shr r9,20h
;; 001a  mov rcx,rax
;; 001d  sub ecx,r9d
;; 0020  shr ecx,1
;; 0023  lea r11d,[rcx+r9]
;; 0027  shr r11d,2
;; 002b  imul ecx,r11d,7
;; 0032  sub eax,ecx
;; 0034  epilog: pop rbp
;; 0035  ret
;; 0036  ud2  ; trap: call stack exhausted
;;
;; signed_by_hundred: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: cmp rsp,[rdi]
;; 0007  jb 000000000000002Bh
;; 000d  mov rax,0A3D70A3D70A3D70Bh
;; 0017  imul rsi
;; 001a  lea rax,[rdx+rsi]
;; 001e  sar rax,6
;; 0022  shr rsi,3Fh
;; 0026  add rax,rsi
;; 0029  epilog: pop rbp
;; 002a  ret
;; 002b  ud2  ; trap: call stack exhausted
;;
;; quotient: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov eax,esi
;; 0006  mov esi,edx
;; 0008  cmp rsp,[rdi]
;; 000b  jb 0000000000000032h
;; 0011  test esi,esi
;; 0013  je 0000000000000034h
;; 0019  cmp esi,0FFFFFFFFh
;; 001c  je 0000000000000027h
;; 0022  cdq
;; 0023  idiv esi
;; 0025  epilog: pop rbp
;; 0026  ret
;; 0027  cmp eax,1
;; 002a  jo 0000000000000036h
;; 0030  jmp short 0000000000000022h
;; 0032  ud2  ; trap: call stack exhausted
;; 0034  ud2  ; trap: integer divide by zero
;; 0036  ud2  ; trap: integer overflow
;;
;; rest: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: cmp rsp,[rdi]
;; 0007  jb 0000000000000034h
;; 000d  test rdx,rdx
;; 0010  mov rcx,rdx
;; 0013  je 0000000000000036h
;; 0019  mov rax,rsi
;; 001c  cmp rcx,0FFFFFFFFFFFFFFFFh
;; 0020  je 0000000000000030h
;; 0026  cqo
;; 0028  idiv rcx
;; 002b  mov rax,rdx
;; 002e  epilog: pop rbp
;; 002f  ret
;; 0030  xor edx,edx
;; 0032  jmp short 000000000000002Bh
;; 0034  ud2  ; trap: call stack exhausted
;; 0036  ud2  ; trap: integer divide by zero
;;
;; unsigned: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov eax,esi
;; 0006  mov esi,edx
;; 0008  cmp rsp,[rdi]
;; 000b  jb 000000000000001Fh
;; 0011  test esi,esi
;; 0013  je 0000000000000021h
;; 0019  xor edx,edx
;; 001b  div esi
;; 001d  epilog: pop rbp
;; 001e  ret
;; 001f  ud2  ; trap: call stack exhausted
;; 0021  ud2  ; trap: integer divide by zero

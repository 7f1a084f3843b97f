;; Addresses are base + index + offset; a load goes into its only user when nothing happens in between.
(module
  (memory 1 2)
  (global $g (mut i64) (i64.const 5))
  (func $copy (param i32 i32)
    (i32.store offset=4 (local.get 0) (i32.load offset=8 (local.get 1))))
  (func $into_user (param i32 i64) (result i64)
    (i64.add (local.get 1) (i64.load (local.get 0))))
  (func $not_past_a_store (param i32 i64) (result i64) (local i64)
    (local.set 2 (i64.load (local.get 0)))
    (i64.store (local.get 0) (i64.const 1))
    (i64.add (local.get 1) (local.get 2)))
  (func $bytes (param i32 i32)
    (i32.store8 (local.get 0) (i32.and (local.get 1) (i32.const 255)))
    (i32.store16 (i32.const 100) (i32.const 0x12345)))
  (func $far (param i32) (result i32) (i32.load8_s offset=0xfffffff0 (local.get 0)))
  (func $fixed (result f64) (f64.load offset=8 (i32.const 16)))
  (func $global (result i64) (global.set $g (i64.add (global.get $g) (i64.const 1))) (global.get $g))
  (func $pages (result i32) (i32.add (memory.size) (memory.grow (i32.const 1)))))

;; ---- code ----
;;
;; copy: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov esi,esi
;; 0006  mov r8d,edx
;; 0009  cmp rsp,[rdi]
;; 000c  jb 0000000000000022h
;; 0012  mov rdi,[rdi+20h]
;; 0016  mov r8d,[rdi+r8+8]  ; trap: out of bounds memory access
;; 001b  mov [rdi+rsi+4],r8d  ; trap: out of bounds memory access
;; 0020  epilog: pop rbp
;; 0021  ret
;; 0022  ud2  ; trap: call stack exhausted
;;
;; into_user: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov esi,esi
;; 0006  cmp rsp,[rdi]
;; 0009  jb 000000000000001Ch
;; 000f  mov rdi,[rdi+20h]
;; 0013  mov rax,rdx
;; 0016  add rax,[rdi+rsi]  ; trap: out of bounds memory access
;; 001a  epilog: pop rbp
;; 001b  ret
;; 001c  ud2  ; trap: call stack exhausted
;;
;; not_past_a_store: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov esi,esi
;; 0006  cmp rsp,[rdi]
;; 0009  jb 0000000000000024h
;; 000f  mov rdi,[rdi+20h]
;; 0013  mov rax,rdx
;; 0016  add rax,[rdi+rsi]  ; trap: out of bounds memory access
;; 001a  mov qword ptr [rdi+rsi],1  ; trap: out of bounds memory access
;; 0022  epilog: pop rbp
;; 0023  ret
;; 0024  ud2  ; trap: call stack exhausted
;;
;; bytes: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov esi,esi
;; 0006  mov r8d,edx
;; 0009  cmp rsp,[rdi]
;; 000c  jb 0000000000000022h
;; 0012  mov rdi,[rdi+20h]
;; 0016  mov [rdi+rsi],r8b  ; trap: out of bounds memory access
;; 001a  mov word ptr [rdi+64h],2345h  ; trap: out of bounds memory access
;; 0020  epilog: pop rbp
;; 0021  ret
;; 0022  ud2  ; trap: call stack exhausted
;;
;; far: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov esi,esi
;; 0006  cmp rsp,[rdi]
;; 0009  jb 0000000000000024h
;; 000f  mov rdi,[rdi+20h]
;; 0013  mov r9d,0FFFFFFF0h
;; 0019  lea r11,[rsi+r9]
;; 001d  movsx eax,byte ptr [rdi+r11]  ; trap: out of bounds memory access
;; 0022  epilog: pop rbp
;; 0023  ret
;; 0024  ud2  ; trap: call stack exhausted
;;
;; fixed: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: cmp rsp,[rdi]
;; 0007  jb 0000000000000018h
;; 000d  mov rsi,[rdi+20h]
;; 0011  movsd xmm0,[rsi+18h]  ; trap: out of bounds memory access
;; 0016  epilog: pop rbp
;; 0017  ret
;; 0018  ud2  ; trap: call stack exhausted
;;
;; global: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: cmp rsp,[rdi]
;; 0007  jb 0000000000000028h
;; 000d  mov rsi,[rdi+128h]
;; 0014  add rsi,1
;; 0018  mov [rdi+128h],rsi
;; 001f  mov rax,[rdi+128h]
;; 0026  epilog: pop rbp
;; 0027  ret
;; 0028  ud2  ; trap: call stack exhausted
;;
;; pages: saved {r12}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  push r12
;; 0006  sub rsp,8
;; 000a  body: cmp rsp,[rdi]
;; 000d  jb 0000000000000035h
;; 0013  mov r9,[rdi+28h]
;; 0017  mov r12,[r9]
;; 001a  shr r12,10h
;; 001e  mov esi,1
;; 0023  call qword ptr [rdi+10h]
;; 0026  mov r11d,eax
;; 0029  lea eax,[r12+r11]
;; 002d  epilog: add rsp,8
;; 0031  pop r12
;; 0033  pop rbp
;; 0034  ret
;; 0035  ud2  ; trap: call stack exhausted

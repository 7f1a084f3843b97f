;; The convention: registers, the outgoing area, the results buffer; direct, imported and indirect calls.
(module
  (import "m" "f" (func $imported (param i32) (result i32)))
  (type $pair (func (param i32) (result i64)))
  (table 4 funcref)
  (func $direct (param i64) (result i64)
    (i64.add (call $direct (i64.sub (local.get 0) (i64.const 1))) (local.get 0)))
  (func $import (param i32) (result i32) (call $imported (local.get 0)))
  (func $indirect (param i32 i32) (result i64)
    (call_indirect (type $pair) (local.get 0) (local.get 1)))
  (func $many (param i32 i32 i32 i32 i32 i64 i64 f32) (result i64)
    (call $many (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4)
      (local.get 6) (local.get 5) (local.get 7)))
  (func $results (param i32 i64) (result i32 i64 f64 i32)
    (call $results (local.get 0) (local.get 1))))

;; ---- code ----
;;
;; direct: saved {r12}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  push r12
;; 0006  sub rsp,8
;; 000a  body: mov r12,rsi
;; 000d  cmp rsp,[rdi]
;; 0010  jb 0000000000000031h
;; 0016  mov r10,r12
;; 0019  lea rsi,[r10-1]
;; 001d  call qword ptr [rdi+0C0h]
;; 0023  mov rsi,r12
;; 0026  add rax,rsi
;; 0029  epilog: add rsp,8
;; 002d  pop r12
;; 002f  pop rbp
;; 0030  ret
;; 0031  ud2  ; trap: call stack exhausted
;;
;; import: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov esi,esi
;; 0006  cmp rsp,[rdi]
;; 0009  jb 000000000000001Eh
;; 000f  mov r8,[rdi+60h]
;; 0013  mov rdi,[rdi+68h]
;; 0017  call qword ptr [r8]
;; 001a  mov eax,eax
;; 001c  epilog: pop rbp
;; 001d  ret
;; 001e  ud2  ; trap: call stack exhausted
;;
;; indirect: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov rax,rdi
;; 0007  mov esi,esi
;; 0009  mov edi,edx
;; 000b  cmp rsp,[rax]
;; 000e  jb 000000000000004Bh
;; 0014  cmp rdi,[rax+38h]
;; 0018  jae 000000000000004Dh
;; 001e  shl rdi,5
;; 0022  add rdi,[rax+30h]
;; 0026  mov rcx,[rdi]
;; 0029  test rcx,rcx
;; 002c  je 000000000000004Fh
;; 0032  mov rdx,[rdi+10h]
;; 0036  cmp rdx,[rax+0E8h]
;; 003d  jne 0000000000000051h
;; 0043  mov rdi,[rdi+8]
;; 0047  call qword ptr [rcx]
;; 0049  epilog: pop rbp
;; 004a  ret
;; 004b  ud2  ; trap: call stack exhausted
;; 004d  ud2  ; trap: undefined element
;; 004f  ud2  ; trap: uninitialized element
;; 0051  ud2  ; trap: indirect call type mismatch
;;
;; many: saved {}, {"locals": 0, "outgoing": 16}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  sub rsp,10h
;; 0008  body: mov esi,esi
;; 000a  mov edx,edx
;; 000c  mov ecx,ecx
;; 000e  mov r8d,r8d
;; 0011  mov r9d,r9d
;; 0014  mov rax,[rbp+10h]
;; 0018  mov r10,[rbp+18h]
;; 001c  cmp rsp,[rdi]
;; 001f  jb 000000000000003Ah
;; 0025  mov [rsp],r10
;; 0029  mov [rsp+8],rax
;; 002e  call qword ptr [rdi+0D8h]
;; 0034  epilog: add rsp,10h
;; 0038  pop rbp
;; 0039  ret
;; 003a  ud2  ; trap: call stack exhausted
;;
;; results: saved {r15}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  push r15
;; 0006  sub rsp,8
;; 000a  body: mov esi,esi
;; 000c  cmp rsp,[rdi]
;; 000f  mov r15,rdi
;; 0012  jb 0000000000000039h
;; 0018  call qword ptr [rdi+0E0h]
;; 001e  mov rcx,[r15+40h]
;; 0022  mov edi,eax
;; 0024  mov r11d,[rcx]
;; 0027  mov rax,[r15+40h]
;; 002b  mov [rax],r11
;; 002e  mov rax,rdi
;; 0031  epilog: add rsp,8
;; 0035  pop r15
;; 0037  pop rbp
;; 0038  ret
;; 0039  ud2  ; trap: call stack exhausted

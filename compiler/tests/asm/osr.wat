;; osr: state values come from tier-0's homes; the body begins once they are where the claim says.
(module
  (memory 1)
  (func $nest (param i32 i32 f64) (result f64) (local i32 f64)
    (loop $outer
      (local.set 3 (local.get 1))
      (loop $inner
        (local.set 4 (f64.add (local.get 4) (f64.load (i32.shl (local.get 3) (i32.const 3)))))
        (br_if $inner (local.tee 3 (i32.sub (local.get 3) (i32.const 1)))))
      (br_if $outer (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (f64.mul (local.get 4) (local.get 2)))
  (func $across_calls (param i64) (result i64) (local i64)
    (loop $again
      (local.set 1 (i64.add (local.get 1) (call $across_calls (i64.const 0))))
      (br_if $again (i64.ne (local.tee 0 (i64.sub (local.get 0) (i64.const 1))) (i64.const 0))))
    (local.get 1)))

;; ---- code ----
;;
;; nest: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: movaps xmm2,xmm0
;; 0007  mov esi,esi
;; 0009  mov eax,edx
;; 000b  cmp rsp,[rdi]
;; 000e  jb 000000000000003Ah
;; 0014  mov rcx,[rdi+20h]
;; 0018  xorps xmm0,xmm0
;; 001b  mov rdx,rax
;; 001e  lea edi,[rdx*8]
;; 0025  addsd xmm0,[rcx+rdi]  ; trap: out of bounds memory access
;; 002a  add edx,0FFFFFFFFh
;; 002d  jne short 000000000000001Eh
;; 002f  add esi,0FFFFFFFFh
;; 0032  jne short 000000000000001Bh
;; 0034  mulsd xmm0,xmm2
;; 0038  epilog: pop rbp
;; 0039  ret
;; 003a  ud2  ; trap: call stack exhausted
;;
;; nest@loop0: saved {}, {"locals": 0, "outgoing": 0}
;;   Context in rax
;;   Local(0) in rsi
;;   Local(1) in rdi
;;   Local(2) in xmm1
;;   Local(3) in dead
;;   Local(4) in xmm0
;; 0000  push qword ptr [rbp+8]
;; 0003  push qword ptr [rbp]
;; 0006  lea rbp,[rsp]
;; 000a  mov rax,[rbp+60h]
;; 000e  mov esi,[rbp+50h]
;; 0011  mov edi,[rbp+48h]
;; 0014  movsd xmm1,[rbp+40h]
;; 0019  movsd xmm0,[rbp+30h]
;; 001e  body: cmp rsp,[rax]
;; 0021  jb 0000000000000054h
;; 0027  mov rax,[rax+20h]
;; 002b  mov rcx,rdi
;; 002e  lea edx,[rcx*8]
;; 0035  addsd xmm0,[rax+rdx]  ; trap: out of bounds memory access
;; 003a  add ecx,0FFFFFFFFh
;; 003d  jne short 000000000000002Eh
;; 003f  add esi,0FFFFFFFFh
;; 0042  jne short 000000000000002Bh
;; 0044  mulsd xmm0,xmm1
;; 0048  epilog: add rsp,80h
;; 004f  pop rbx
;; 0050  pop r12
;; 0052  pop rbp
;; 0053  ret
;; 0054  ud2  ; trap: call stack exhausted
;;
;; nest@loop1: saved {}, {"locals": 0, "outgoing": 0}
;;   Context in rax
;;   Local(0) in rsi
;;   Local(1) in rdi
;;   Local(2) in xmm1
;;   Local(3) in r8
;;   Local(4) in xmm0
;; 0000  push qword ptr [rbp+8]
;; 0003  push qword ptr [rbp]
;; 0006  lea rbp,[rsp]
;; 000a  mov rax,[rbp+60h]
;; 000e  mov esi,[rbp+50h]
;; 0011  mov edi,[rbp+48h]
;; 0014  movsd xmm1,[rbp+40h]
;; 0019  mov r8d,[rbp+38h]
;; 001d  movsd xmm0,[rbp+30h]
;; 0022  body: cmp rsp,[rax]
;; 0025  jb 0000000000000060h
;; 002b  mov rax,[rax+20h]
;; 002f  lea ecx,[r8*8]
;; 0037  addsd xmm0,[rax+rcx]  ; trap: out of bounds memory access
;; 003c  add r8d,0FFFFFFFFh
;; 0040  jne short 000000000000002Fh
;; 0042  add esi,0FFFFFFFFh
;; 0045  je 0000000000000050h
;; 004b  mov r8,rdi
;; 004e  jmp short 000000000000002Fh
;; 0050  mulsd xmm0,xmm1
;; 0054  epilog: add rsp,80h
;; 005b  pop rbx
;; 005c  pop r12
;; 005e  pop rbp
;; 005f  ret
;; 0060  ud2  ; trap: call stack exhausted
;;
;; across_calls: saved {r12 r13 r14}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  push r14
;; 0006  push r13
;; 0008  push r12
;; 000a  sub rsp,8
;; 000e  body: mov r12,rsi
;; 0011  cmp rsp,[rdi]
;; 0014  mov r13,rdi
;; 0017  jb 0000000000000056h
;; 001d  xor eax,eax
;; 001f  mov r14,rax
;; 0022  jmp 000000000000002Ah
;; 0027  mov r12,rsi
;; 002a  xor esi,esi
;; 002c  mov rdi,r13
;; 002f  call qword ptr [rdi+88h]
;; 0035  mov rcx,r14
;; 0038  add rcx,rax
;; 003b  mov rsi,r12
;; 003e  mov r14,rcx
;; 0041  add rsi,0FFFFFFFFFFFFFFFFh
;; 0045  jne short 0000000000000027h
;; 0047  mov rax,r14
;; 004a  epilog: add rsp,8
;; 004e  pop r12
;; 0050  pop r13
;; 0052  pop r14
;; 0054  pop rbp
;; 0055  ret
;; 0056  ud2  ; trap: call stack exhausted
;;
;; across_calls@loop0: saved {r13}, {"locals": 0, "outgoing": 0}
;;   Context in r12
;;   Local(0) in rbx
;;   Local(1) in r13
;; 0000  push qword ptr [rbp+8]
;; 0003  push qword ptr [rbp]
;; 0006  mov [rsp+58h],r13
;; 000b  lea rbp,[rsp]
;; 000f  mov r12,[rbp+40h]
;; 0013  mov rbx,[rbp+30h]
;; 0017  mov r13,[rbp+28h]
;; 001b  body: cmp rsp,[r12]
;; 001f  jb 000000000000004Dh
;; 0025  xor esi,esi
;; 0027  mov rdi,r12
;; 002a  call qword ptr [rdi+88h]
;; 0030  mov rcx,r13
;; 0033  add rcx,rax
;; 0036  mov r13,rcx
;; 0039  add rbx,0FFFFFFFFFFFFFFFFh
;; 003d  jne short 0000000000000025h
;; 003f  mov rax,r13
;; 0042  epilog: add rsp,58h
;; 0046  pop r13
;; 0048  pop rbx
;; 0049  pop r12
;; 004b  pop rbp
;; 004c  ret
;; 004d  ud2  ; trap: call stack exhausted

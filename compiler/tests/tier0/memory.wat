;; Memory, globals, tables and calls.
(module
  (import "env" "host" (func $host (param i32 f64) (result i32)))
  (import "env" "level" (global $level i32))
  (global $count (mut i64) (i64.const 0))
  (memory 1)
  (table 4 funcref)
  (type $unary (func (param i32) (result i32)))
  (func $copy (param $to i32) (param $from i32)
    (i32.store8 offset=1 (local.get $to) (i32.load8_s (local.get $from)))
    (f64.store (local.get $to) (f64.const 0.5))
    (i64.store offset=0x80000000 (local.get $to) (i64.load32_s offset=4 (i32.const 16)))
    (i32.store16 (i32.const 8) (i32.const -1)))
  (func $calls (param $x i32) (param $y f64) (result i32)
    (global.set $count (i64.add (global.get $count) (i64.const 1)))
    (i32.add
      (call $host (local.get $x) (local.get $y))
      (call_indirect (type $unary) (global.get $level) (local.get $x))))
  (func $grow (result i32)
    (i32.add (memory.grow (i32.const 1)) (memory.size)))
  (func $many (param i32 i32 i32 i32 i32 i32 i32) (result i32 i32 i32)
    (call $many (local.get 6) (local.get 5) (local.get 4) (local.get 3) (local.get 2) (local.get 1) (local.get 0))))

;; ----
;; copy:
;;   0000  push rbp
;;   0001  mov rbp, rsp
;;   0004  push r12
;;   0006  push rbx
;;   0007  sub rsp, 50h
;;   000b  cmp rsp, [rdi]  ; body
;;   000e  jb 6Ch
;;   0014  mov rbx, rdi
;;   0017  mov [rbp-30h], rbx
;;   001b  mov [rbp-40h], esi
;;   001e  mov [rbp-48h], edx
;;   0021  mov r12, [rbx+20h]
;;   0025  mov ecx, [rbp-48h]
;;   0028  movsx eax, byte ptr [r12+rcx]  ; trap: out of bounds memory access
;;   002d  mov ecx, [rbp-40h]
;;   0030  mov [r12+rcx+1], al  ; trap: out of bounds memory access
;;   0035  mov ecx, [rbp-40h]
;;   0038  mov rdx, 3FE0000000000000h
;;   0042  mov [r12+rcx], rdx  ; trap: out of bounds memory access
;;   0046  movsxd rax, [r12+14h]  ; trap: out of bounds memory access
;;   004b  mov ecx, [rbp-40h]
;;   004e  mov r11d, 80000000h
;;   0054  add r11, rcx
;;   0057  mov [r12+r11], rax  ; trap: out of bounds memory access
;;   005b  mov word ptr [r12+8], 0FFFFh  ; trap: out of bounds memory access
;;   0063  add rsp, 50h  ; epilog
;;   0067  pop rbx
;;   0068  pop r12
;;   006a  pop rbp
;;   006b  ret
;;   006c  ud2  ; trap: call stack exhausted
;; calls:
;;   0000  push rbp
;;   0001  mov rbp, rsp
;;   0004  push r12
;;   0006  push rbx
;;   0007  sub rsp, 60h
;;   000b  cmp rsp, [rdi]  ; body
;;   000e  jb 0AAh
;;   0014  mov rbx, rdi
;;   0017  mov [rbp-30h], rbx
;;   001b  mov [rbp-40h], esi
;;   001e  movsd [rbp-48h], xmm0
;;   0023  mov r12, [rbx+20h]
;;   0027  mov rax, [rbx+0E8h]
;;   002e  add rax, 1
;;   0032  mov [rbx+0E8h], rax
;;   0039  mov rdi, [rbx+68h]
;;   003d  mov esi, [rbp-40h]
;;   0040  movsd xmm0, [rbp-48h]
;;   0045  mov rax, [rbx+60h]
;;   0049  call qword ptr [rax]
;;   004b  mov eax, eax
;;   004d  mov [rbp-50h], eax
;;   0050  mov r10, [rbx+0D0h]
;;   0057  mov eax, [r10]
;;   005a  mov r10d, [rbp-40h]
;;   005e  cmp r10, [rbx+38h]
;;   0062  jae 0A4h
;;   0068  shl r10, 5
;;   006c  add r10, [rbx+30h]
;;   0070  cmp qword ptr [r10], 0
;;   0074  je 0A6h
;;   007a  mov r11, [r10+10h]
;;   007e  cmp r11, [rbx+0F0h]
;;   0085  jne 0A8h
;;   008b  mov esi, eax
;;   008d  mov rdi, [r10+8]
;;   0091  mov rax, [r10]
;;   0094  call qword ptr [rax]
;;   0096  mov eax, eax
;;   0098  add eax, [rbp-50h]
;;   009b  add rsp, 60h  ; epilog
;;   009f  pop rbx
;;   00a0  pop r12
;;   00a2  pop rbp
;;   00a3  ret
;;   00a4  ud2  ; trap: undefined element
;;   00a6  ud2  ; trap: uninitialized element
;;   00a8  ud2  ; trap: indirect call type mismatch
;;   00aa  ud2  ; trap: call stack exhausted
;; grow:
;;   0000  push rbp
;;   0001  mov rbp, rsp
;;   0004  push r12
;;   0006  push rbx
;;   0007  sub rsp, 40h
;;   000b  cmp rsp, [rdi]  ; body
;;   000e  jb 46h
;;   0014  mov rbx, rdi
;;   0017  mov [rbp-30h], rbx
;;   001b  mov r12, [rbx+20h]
;;   001f  mov rdi, rbx
;;   0022  mov esi, 1
;;   0027  call qword ptr [rbx+10h]
;;   002a  mov eax, eax
;;   002c  mov [rbp-40h], eax
;;   002f  mov r10, [rbx+28h]
;;   0033  mov rax, [r10]
;;   0036  shr rax, 10h
;;   003a  add eax, [rbp-40h]
;;   003d  add rsp, 40h  ; epilog
;;   0041  pop rbx
;;   0042  pop r12
;;   0044  pop rbp
;;   0045  ret
;;   0046  ud2  ; trap: call stack exhausted
;; many:
;;   0000  push rbp
;;   0001  mov rbp, rsp
;;   0004  push r12
;;   0006  push rbx
;;   0007  sub rsp, 0B0h
;;   000e  cmp rsp, [rdi]  ; body
;;   0011  jb 0A2h
;;   0017  mov rbx, rdi
;;   001a  mov [rbp-30h], rbx
;;   001e  mov [rbp-40h], esi
;;   0021  mov [rbp-48h], edx
;;   0024  mov [rbp-50h], ecx
;;   0027  mov [rbp-58h], r8d
;;   002b  mov [rbp-60h], r9d
;;   002f  mov r11d, [rbp+10h]
;;   0033  mov [rbp-68h], r11d
;;   0037  mov r11d, [rbp+18h]
;;   003b  mov [rbp-70h], r11d
;;   003f  mov r12, [rbx+20h]
;;   0043  mov r11d, [rbp-48h]
;;   0047  mov [rsp], r11d
;;   004b  mov r11d, [rbp-40h]
;;   004f  mov [rsp+8], r11d
;;   0054  mov rdi, rbx
;;   0057  mov esi, [rbp-70h]
;;   005a  mov edx, [rbp-68h]
;;   005d  mov ecx, [rbp-60h]
;;   0060  mov r8d, [rbp-58h]
;;   0064  mov r9d, [rbp-50h]
;;   0068  call qword ptr [rbx+0C8h]
;;   006e  mov [rbp-78h], eax
;;   0071  mov [rbp-80h], edx
;;   0074  mov r10, [rbx+40h]
;;   0078  mov r11d, [r10]
;;   007b  mov [rbp-88h], r11d
;;   0082  mov r10, [rbx+40h]
;;   0086  mov r11d, [rbp-88h]
;;   008d  mov [r10], r11d
;;   0090  mov eax, [rbp-78h]
;;   0093  mov edx, [rbp-80h]
;;   0096  add rsp, 0B0h  ; epilog
;;   009d  pop rbx
;;   009e  pop r12
;;   00a0  pop rbp
;;   00a1  ret
;;   00a2  ud2  ; trap: call stack exhausted

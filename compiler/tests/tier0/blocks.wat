;; options: counter saves=r13,r15
;; Values carried by branches, pending operands across writes of their local, unreachable code.
(module
  (func $carry (param $a i32) (param $b i64) (result i64)
    (block $out (result i64)
      (local.get $b)
      (br_if $out (i64.lt_s (local.get $b) (i64.const 7)) )
      (drop)
      (i64.mul (i64.extend_i32_u (local.get $a)) (local.get $b))
      (br_if $out (i32.eqz (local.get $a)))
      (unreachable)))
  (func $swap (param $a i32) (param $b i32) (result i32 i32)
    (local.get $b)
    (local.get $a)
    (local.set $b)
    (local.set $a)
    (local.get $a)
    (local.get $b))
  (func $if (param $a i32) (result f32)
    (if (result f32) (i32.gt_u (local.get $a) (i32.const 1000))
      (then (f32.const 1.5))
      (else (f32.convert_i32_s (local.get $a)))))
  (func $nested (param $n i32) (result i32)
    (i32.const 3)
    (loop $l (param i32) (result i32)
      (i32.add (i32.const 1))
      (br_if $l (local.tee $n (i32.shr_u (local.get $n) (i32.const 1))))
      (return)
      (loop $dead (br $dead))
      (i32.const 0)))
  (func $dead_end
    (unreachable)
    (i32.add)
    (drop)))

;; ----
;; carry:
;;   0000  push rbp
;;   0001  mov rbp, rsp
;;   0004  push r15
;;   0006  push r13
;;   0008  push rbx
;;   0009  sub rsp, 58h
;;   000d  cmp rsp, [rdi]  ; body
;;   0010  jb 94h
;;   0016  mov rbx, rdi
;;   0019  mov [rbp-30h], rbx
;;   001d  mov [rbp-40h], esi
;;   0020  mov [rbp-48h], rdx
;;   0024  mov r13, 5AFEDEAD5AFEDEADh
;;   002e  mov r15, 5AFEDEAD5AFEDEADh
;;   0038  sub dword ptr [rbx+100h], 1
;;   003f  jle 84h
;;   0045  cmp qword ptr [rbp-48h], 7
;;   004a  jge 5Dh
;;   0050  mov r11, [rbp-48h]
;;   0054  mov [rbp-50h], r11
;;   0058  jmp 75h
;;   005d  mov eax, [rbp-40h]
;;   0060  imul rax, [rbp-48h]
;;   0065  cmp dword ptr [rbp-40h], 0
;;   0069  mov [rbp-50h], rax
;;   006d  je 75h
;;   0073  ud2  ; trap: unreachable
;;   0075  mov rax, [rbp-50h]
;;   0079  add rsp, 58h  ; epilog
;;   007d  pop rbx
;;   007e  pop r13
;;   0080  pop r15
;;   0082  pop rbp
;;   0083  ret
;;   0084  mov rdi, rbx
;;   0087  mov esi, 0
;;   008c  call qword ptr [rbx+18h]
;;   008f  jmp 45h
;;   0094  ud2  ; trap: call stack exhausted
;; swap:
;;   0000  push rbp
;;   0001  mov rbp, rsp
;;   0004  push r15
;;   0006  push r13
;;   0008  push rbx
;;   0009  sub rsp, 48h
;;   000d  cmp rsp, [rdi]  ; body
;;   0010  jb 7Dh
;;   0016  mov rbx, rdi
;;   0019  mov [rbp-30h], rbx
;;   001d  mov [rbp-40h], esi
;;   0020  mov [rbp-48h], edx
;;   0023  mov r13, 5AFEDEAD5AFEDEADh
;;   002d  mov r15, 5AFEDEAD5AFEDEADh
;;   0037  sub dword ptr [rbx+104h], 1
;;   003e  jle 6Dh
;;   0044  mov r11d, [rbp-48h]
;;   0048  mov [rbp-50h], r11d
;;   004c  mov r11d, [rbp-40h]
;;   0050  mov [rbp-48h], r11d
;;   0054  mov r11d, [rbp-50h]
;;   0058  mov [rbp-40h], r11d
;;   005c  mov eax, [rbp-40h]
;;   005f  mov edx, [rbp-48h]
;;   0062  add rsp, 48h  ; epilog
;;   0066  pop rbx
;;   0067  pop r13
;;   0069  pop r15
;;   006b  pop rbp
;;   006c  ret
;;   006d  mov rdi, rbx
;;   0070  mov esi, 1
;;   0075  call qword ptr [rbx+18h]
;;   0078  jmp 44h
;;   007d  ud2  ; trap: call stack exhausted
;; if:
;;   0000  push rbp
;;   0001  mov rbp, rsp
;;   0004  push r15
;;   0006  push r13
;;   0008  push rbx
;;   0009  sub rsp, 48h
;;   000d  cmp rsp, [rdi]  ; body
;;   0010  jb 8Dh
;;   0016  mov rbx, rdi
;;   0019  mov [rbp-30h], rbx
;;   001d  mov [rbp-40h], esi
;;   0020  mov r13, 5AFEDEAD5AFEDEADh
;;   002a  mov r15, 5AFEDEAD5AFEDEADh
;;   0034  sub dword ptr [rbx+108h], 1
;;   003b  jle 7Dh
;;   0041  cmp dword ptr [rbp-40h], 3E8h
;;   0048  jbe 5Ah
;;   004e  mov dword ptr [rbp-48h], 3FC00000h
;;   0055  jmp 6Dh
;;   005a  mov eax, [rbp-40h]
;;   005d  xorps xmm0, xmm0
;;   0060  movsxd rax, eax
;;   0063  cvtsi2ss xmm0, rax
;;   0068  movss [rbp-48h], xmm0
;;   006d  movss xmm0, [rbp-48h]
;;   0072  add rsp, 48h  ; epilog
;;   0076  pop rbx
;;   0077  pop r13
;;   0079  pop r15
;;   007b  pop rbp
;;   007c  ret
;;   007d  mov rdi, rbx
;;   0080  mov esi, 2
;;   0085  call qword ptr [rbx+18h]
;;   0088  jmp 41h
;;   008d  ud2  ; trap: call stack exhausted
;; nested:
;;   patchpoint 0 at 009e to 005a: Context I64 cfa-64, Local(0) I32 cfa-80, Operand(0) I32 cfa-88
;;   0000  push rbp
;;   0001  mov rbp, rsp
;;   0004  push r15
;;   0006  push r13
;;   0008  push rbx
;;   0009  sub rsp, 48h
;;   000d  cmp rsp, [rdi]  ; body
;;   0010  jb 0B0h
;;   0016  mov rbx, rdi
;;   0019  mov [rbp-30h], rbx
;;   001d  mov [rbp-40h], esi
;;   0020  mov r11d, [rbx+50h]
;;   0024  mov [rbp-38h], r11d
;;   0028  mov r13, 5AFEDEAD5AFEDEADh
;;   0032  mov r15, 5AFEDEAD5AFEDEADh
;;   003c  sub dword ptr [rbx+10Ch], 1
;;   0043  jle 0A0h
;;   0049  mov dword ptr [rbp-48h], 3
;;   0050  sub dword ptr [rbp-38h], 1
;;   0054  jle 83h
;;   005a  mov eax, [rbp-48h]  ; patchpoint 0 resumes
;;   005d  add eax, 1
;;   0060  mov [rbp-48h], eax
;;   0063  mov eax, [rbp-40h]
;;   0066  shr eax, 1
;;   0069  mov [rbp-40h], eax
;;   006c  test eax, eax
;;   006e  jne short 50h
;;   0070  mov eax, [rbp-48h]
;;   0073  jmp 78h
;;   0078  add rsp, 48h  ; epilog
;;   007c  pop rbx
;;   007d  pop r13
;;   007f  pop r15
;;   0081  pop rbp
;;   0082  ret
;;   0083  mov rdi, rbx
;;   0086  mov rsi, 300000000h
;;   0090  lea rdx, [rbp-38h]
;;   0094  lea rcx, [5Ah]
;;   009b  call qword ptr [rbx+8]
;;   009e  jmp rax
;;   00a0  mov rdi, rbx
;;   00a3  mov esi, 3
;;   00a8  call qword ptr [rbx+18h]
;;   00ab  jmp 49h
;;   00b0  ud2  ; trap: call stack exhausted
;; dead_end:
;;   0000  push rbp
;;   0001  mov rbp, rsp
;;   0004  push r15
;;   0006  push r13
;;   0008  push rbx
;;   0009  sub rsp, 28h
;;   000d  cmp rsp, [rdi]  ; body
;;   0010  jb 50h
;;   0016  mov rbx, rdi
;;   0019  mov [rbp-30h], rbx
;;   001d  mov r13, 5AFEDEAD5AFEDEADh
;;   0027  mov r15, 5AFEDEAD5AFEDEADh
;;   0031  sub dword ptr [rbx+110h], 1
;;   0038  jle 40h
;;   003e  ud2  ; trap: unreachable
;;   0040  mov rdi, rbx
;;   0043  mov esi, 4
;;   0048  call qword ptr [rbx+18h]
;;   004b  jmp 3Eh
;;   0050  ud2  ; trap: call stack exhausted

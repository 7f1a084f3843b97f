;; options: no-patchpoints
;; Operators that take a sequence.
(module
  (func $div (param $a i32) (param $b i32) (result i32)
    (i32.add (i32.div_s (local.get $a) (local.get $b)) (i32.rem_u (local.get $a) (i32.const 10))))
  (func $rem (param $a i64) (param $b i64) (result i64)
    (i64.rem_s (local.get $a) (local.get $b)))
  (func $min (param $a f64) (param $b f64) (result f64)
    (f64.min (f64.neg (local.get $a)) (f64.copysign (local.get $b) (local.get $a))))
  (func $trunc (param $a f64) (result i32)
    (i32.trunc_f64_s (local.get $a)))
  (func $saturate (param $a f32) (result i64)
    (i64.trunc_sat_f32_u (local.get $a)))
  (func $convert (param $a i64) (result f32)
    (f32.convert_i64_u (local.get $a)))
  (func $compare (param $a f32) (param $b f32) (result i32)
    (i32.add
      (f32.eq (local.get $a) (local.get $b))
      (select (i32.const 2) (i32.const 3) (f32.lt (local.get $a) (f32.nearest (local.get $b))))))
  (func $shift (param $a i64) (param $b i64) (result i64)
    (i64.rotl (i64.shl (local.get $a) (i64.const 67)) (i64.xor (local.get $a) (local.get $b)))))

;; ----
;; div:
;;   0000  push rbp
;;   0001  mov rbp, rsp
;;   0004  push rbx
;;   0005  sub rsp, 68h
;;   0009  cmp rsp, [rdi]  ; body
;;   000c  jb 62h
;;   0012  mov rbx, rdi
;;   0015  mov [rbp-30h], rbx
;;   0019  mov [rbp-40h], esi
;;   001c  mov [rbp-48h], edx
;;   001f  mov eax, [rbp-40h]
;;   0022  mov ecx, [rbp-48h]
;;   0025  test ecx, ecx
;;   0027  je 5Eh
;;   002d  cmp ecx, 0FFFFFFFFh
;;   0030  jne 3Fh
;;   0036  cmp eax, 1
;;   0039  jo 60h
;;   003f  cdq
;;   0040  idiv ecx
;;   0042  mov [rbp-50h], eax
;;   0045  mov eax, [rbp-40h]
;;   0048  mov ecx, 0Ah
;;   004d  xor edx, edx
;;   004f  div ecx
;;   0051  mov rax, rdx
;;   0054  add eax, [rbp-50h]
;;   0057  add rsp, 68h  ; epilog
;;   005b  pop rbx
;;   005c  pop rbp
;;   005d  ret
;;   005e  ud2  ; trap: integer divide by zero
;;   0060  ud2  ; trap: integer overflow
;;   0062  ud2  ; trap: call stack exhausted
;; rem:
;;   0000  push rbp
;;   0001  mov rbp, rsp
;;   0004  push rbx
;;   0005  sub rsp, 58h
;;   0009  cmp rsp, [rdi]  ; body
;;   000c  jb 54h
;;   0012  mov rbx, rdi
;;   0015  mov [rbp-30h], rbx
;;   0019  mov [rbp-40h], rsi
;;   001d  mov [rbp-48h], rdx
;;   0021  mov rax, [rbp-40h]
;;   0025  mov rcx, [rbp-48h]
;;   0029  test rcx, rcx
;;   002c  je 52h
;;   0032  cmp rcx, 0FFFFFFFFFFFFFFFFh
;;   0036  jne 43h
;;   003c  xor edx, edx
;;   003e  jmp 48h
;;   0043  cqo
;;   0045  idiv rcx
;;   0048  mov rax, rdx
;;   004b  add rsp, 58h  ; epilog
;;   004f  pop rbx
;;   0050  pop rbp
;;   0051  ret
;;   0052  ud2  ; trap: integer divide by zero
;;   0054  ud2  ; trap: call stack exhausted
;; min:
;;   0000  push rbp
;;   0001  mov rbp, rsp
;;   0004  push rbx
;;   0005  sub rsp, 68h
;;   0009  cmp rsp, [rdi]  ; body
;;   000c  jb 95h
;;   0012  mov rbx, rdi
;;   0015  mov [rbp-30h], rbx
;;   0019  movsd [rbp-40h], xmm0
;;   001e  movsd [rbp-48h], xmm1
;;   0023  movsd xmm0, [rbp-40h]
;;   0028  mov r11, 8000000000000000h
;;   0032  movq xmm5, r11
;;   0037  xorps xmm0, xmm5
;;   003a  movsd [rbp-50h], xmm0
;;   003f  movsd xmm0, [rbp-48h]
;;   0044  movsd xmm1, [rbp-40h]
;;   0049  mov r11, 7FFFFFFFFFFFFFFFh
;;   0053  movq xmm5, r11
;;   0058  andps xmm0, xmm5
;;   005b  andnps xmm5, xmm1
;;   005e  orps xmm0, xmm5
;;   0061  movaps xmm1, xmm0
;;   0064  movsd xmm0, [rbp-50h]
;;   0069  ucomisd xmm0, xmm1
;;   006d  jp 81h
;;   0073  jne 8Ah
;;   0079  orps xmm0, xmm1
;;   007c  jmp 8Eh
;;   0081  addsd xmm0, xmm1
;;   0085  jmp 8Eh
;;   008a  minsd xmm0, xmm1
;;   008e  add rsp, 68h  ; epilog
;;   0092  pop rbx
;;   0093  pop rbp
;;   0094  ret
;;   0095  ud2  ; trap: call stack exhausted
;; trunc:
;;   0000  push rbp
;;   0001  mov rbp, rsp
;;   0004  push rbx
;;   0005  sub rsp, 48h
;;   0009  cmp rsp, [rdi]  ; body
;;   000c  jb 5Ah
;;   0012  mov rbx, rdi
;;   0015  mov [rbp-30h], rbx
;;   0019  movsd [rbp-40h], xmm0
;;   001e  movsd xmm0, [rbp-40h]
;;   0023  ucomisd xmm0, xmm0
;;   0027  jp 54h
;;   002d  ucomisd xmm0, [60h]
;;   0035  jbe 56h
;;   003b  ucomisd xmm0, [68h]
;;   0043  jae 58h
;;   0049  cvttsd2si eax, xmm0
;;   004d  add rsp, 48h  ; epilog
;;   0051  pop rbx
;;   0052  pop rbp
;;   0053  ret
;;   0054  ud2  ; trap: invalid conversion to integer
;;   0056  ud2  ; trap: integer overflow
;;   0058  ud2  ; trap: integer overflow
;;   005a  ud2  ; trap: call stack exhausted
;;   005c  data [00, 00, 00, 00, 00, 00, 20, 00, 00, 00, e0, c1, 00, 00, 00, 00, 00, 00, e0, 41]
;; saturate:
;;   0000  push rbp
;;   0001  mov rbp, rsp
;;   0004  push rbx
;;   0005  sub rsp, 48h
;;   0009  cmp rsp, [rdi]  ; body
;;   000c  jb 9Eh
;;   0012  mov rbx, rdi
;;   0015  mov [rbp-30h], rbx
;;   0019  movss [rbp-40h], xmm0
;;   001e  movss xmm0, [rbp-40h]
;;   0023  ucomiss xmm0, xmm0
;;   0026  jp 7Ch
;;   002c  ucomiss xmm0, [0A0h]
;;   0033  jbe 86h
;;   0039  ucomiss xmm0, [0A4h]
;;   0040  jae 90h
;;   0046  ucomiss xmm0, [0A8h]
;;   004d  jae 5Dh
;;   0053  cvttss2si rax, xmm0
;;   0058  jmp 77h
;;   005d  subss xmm0, [0A8h]
;;   0065  cvttss2si rax, xmm0
;;   006a  mov r11, 8000000000000000h
;;   0074  xor rax, r11
;;   0077  jmp 97h
;;   007c  mov eax, 0
;;   0081  jmp 97h
;;   0086  mov eax, 0
;;   008b  jmp 97h
;;   0090  mov rax, 0FFFFFFFFFFFFFFFFh
;;   0097  add rsp, 48h  ; epilog
;;   009b  pop rbx
;;   009c  pop rbp
;;   009d  ret
;;   009e  ud2  ; trap: call stack exhausted
;;   00a0  data [00, 00, 80, bf, 00, 00, 80, 5f, 00, 00, 00, 5f]
;; convert:
;;   0000  push rbp
;;   0001  mov rbp, rsp
;;   0004  push rbx
;;   0005  sub rsp, 48h
;;   0009  cmp rsp, [rdi]  ; body
;;   000c  jb 54h
;;   0012  mov rbx, rdi
;;   0015  mov [rbp-30h], rbx
;;   0019  mov [rbp-40h], rsi
;;   001d  mov rax, [rbp-40h]
;;   0021  xorps xmm0, xmm0
;;   0024  test rax, rax
;;   0027  js 37h
;;   002d  cvtsi2ss xmm0, rax
;;   0032  jmp 4Dh
;;   0037  mov rcx, rax
;;   003a  shr rcx, 1
;;   003e  and eax, 1
;;   0041  or rcx, rax
;;   0044  cvtsi2ss xmm0, rcx
;;   0049  addss xmm0, xmm0
;;   004d  add rsp, 48h  ; epilog
;;   0051  pop rbx
;;   0052  pop rbp
;;   0053  ret
;;   0054  ud2  ; trap: call stack exhausted
;; compare:
;;   0000  push rbp
;;   0001  mov rbp, rsp
;;   0004  push rbx
;;   0005  sub rsp, 78h
;;   0009  cmp rsp, [rdi]  ; body
;;   000c  jb 63h
;;   0012  mov rbx, rdi
;;   0015  mov [rbp-30h], rbx
;;   0019  movss [rbp-40h], xmm0
;;   001e  movss [rbp-48h], xmm1
;;   0023  movss xmm0, [rbp-40h]
;;   0028  ucomiss xmm0, [rbp-48h]
;;   002c  setnp al
;;   002f  sete cl
;;   0032  and eax, ecx
;;   0034  movzx eax, al
;;   0037  mov [rbp-50h], eax
;;   003a  movss xmm0, [rbp-48h]
;;   003f  roundss xmm0, xmm0, 8
;;   0045  ucomiss xmm0, [rbp-40h]
;;   0049  mov eax, 2
;;   004e  ja 59h
;;   0054  mov eax, 3
;;   0059  add eax, [rbp-50h]
;;   005c  add rsp, 78h  ; epilog
;;   0060  pop rbx
;;   0061  pop rbp
;;   0062  ret
;;   0063  ud2  ; trap: call stack exhausted
;; shift:
;;   0000  push rbp
;;   0001  mov rbp, rsp
;;   0004  push rbx
;;   0005  sub rsp, 68h
;;   0009  cmp rsp, [rdi]  ; body
;;   000c  jb 46h
;;   0012  mov rbx, rdi
;;   0015  mov [rbp-30h], rbx
;;   0019  mov [rbp-40h], rsi
;;   001d  mov [rbp-48h], rdx
;;   0021  mov rax, [rbp-40h]
;;   0025  shl rax, 3
;;   0029  mov [rbp-50h], rax
;;   002d  mov rax, [rbp-40h]
;;   0031  xor rax, [rbp-48h]
;;   0035  mov rcx, rax
;;   0038  mov rax, [rbp-50h]
;;   003c  rol rax, cl
;;   003f  add rsp, 68h  ; epilog
;;   0043  pop rbx
;;   0044  pop rbp
;;   0045  ret
;;   0046  ud2  ; trap: call stack exhausted

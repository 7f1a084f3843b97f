;; Minimum, sign bits, rounding, conversions: the common way is straight.
(module
  (func $minimum (param f64 f64) (result f64) (f64.min (local.get 0) (local.get 1)))
  (func $signs (param f32 f32) (result f32)
    (f32.copysign (f32.abs (local.get 0)) (f32.neg (local.get 1))))
  (func $round (param f64) (result f64) (f64.nearest (f64.sqrt (local.get 0))))
  (func $from (param i32 i64) (result f64)
    (f64.add (f64.convert_i32_u (local.get 0)) (f64.convert_i64_u (local.get 1))))
  (func $checked (param f64) (result i32) (i32.trunc_f64_s (local.get 0)))
  (func $saturating (param f32) (result i64) (i64.trunc_sat_f32_u (local.get 0)))
  (func $constant (param f64) (result f64) (f64.mul (local.get 0) (f64.const 2.5)))
  (func $bits (param f64) (result i64) (i64.reinterpret_f64 (f64.promote_f32 (f32.demote_f64 (local.get 0))))))

;; ---- code ----
;;
;; minimum: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: cmp rsp,[rdi]
;; 0007  jb 000000000000002Eh
;; 000d  ucomisd xmm0,xmm1
;; 0011  jp 0000000000000023h
;; 0017  je 0000000000000029h
;; 001d  minsd xmm0,xmm1
;; 0021  epilog: pop rbp
;; 0022  ret
;; 0023  addsd xmm0,xmm1
;; 0027  jmp short 0000000000000021h
;; 0029  orps xmm0,xmm1
;; 002c  jmp short 0000000000000021h
;; 002e  ud2  ; trap: call stack exhausted
;;
;; signs: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: cmp rsp,[rdi]
;; 0007  jb 0000000000000036h
;; 000d  movss xmm3,[38h]
;; 0015  andps xmm3,xmm0
;; 0018  movss xmm2,[3Ch]
;; 0020  xorps xmm2,xmm1
;; 0023  movss xmm0,[3Ch]
;; 002b  andps xmm2,xmm0
;; 002e  andnps xmm0,xmm3
;; 0031  orps xmm0,xmm2
;; 0034  epilog: pop rbp
;; 0035  ret
;; 0036  ud2  ; trap: call stack exhausted
;; 0038  data [ff, ff, ff, 7f, 00, 00, 00, 80]
;;
;; round: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: cmp rsp,[rdi]
;; 0007  jb 0000000000000019h
;; 000d  sqrtsd xmm0,xmm0
;; 0011  roundsd xmm0,xmm0,8
;; 0017  epilog: pop rbp
;; 0018  ret
;; 0019  ud2  ; trap: call stack exhausted
;;
;; from: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov r9d,esi
;; 0007  cmp rsp,[rdi]
;; 000a  jb 000000000000004Bh
;; 0010  xorps xmm0,xmm0
;; 0013  cvtsi2sd xmm0,r9
;; 0018  xorps xmm1,xmm1
;; 001b  test rdx,rdx
;; 001e  js 000000000000002Fh
;; 0024  cvtsi2sd xmm1,rdx
;; 0029  addsd xmm0,xmm1
;; 002d  epilog: pop rbp
;; 002e  ret
;; 002f  mov rcx,rdx
;; 0032  mov rax,rdx
;; 0035  shr rcx,1
;; 0039  and rax,1
;; 003d  or rcx,rax
;; 0040  cvtsi2sd xmm1,rcx
;; 0045  addsd xmm1,xmm1
;; 0049  jmp short 0000000000000029h
;; 004b  ud2  ; trap: call stack exhausted
;;
;; checked: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: cmp rsp,[rdi]
;; 0007  jb 0000000000000043h
;; 000d  cvttsd2si eax,xmm0
;; 0011  cmp eax,1
;; 0014  jo 000000000000001Ch
;; 001a  epilog: pop rbp
;; 001b  ret
;; 001c  ucomisd xmm0,xmm0
;; 0020  jp 0000000000000045h
;; 0026  ucomisd xmm0,[50h]
;; 002e  jbe 0000000000000047h
;; 0034  xorps xmm1,xmm1
;; 0037  ucomisd xmm0,xmm1
;; 003b  jae 0000000000000047h
;; 0041  jmp short 000000000000001Ah
;; 0043  ud2  ; trap: call stack exhausted
;; 0045  ud2  ; trap: invalid conversion to integer
;; 0047  ud2  ; trap: integer overflow
;; 0049  data [00, 00, 00, 00, 00, 00, 00, 00, 00, 20, 00, 00, 00, e0, c1]
;;
;; saturating: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: cmp rsp,[rdi]
;; 0007  jb 0000000000000075h
;; 000d  cvttss2si rax,xmm0
;; 0012  test rax,rax
;; 0015  js 000000000000001Dh
;; 001b  epilog: pop rbp
;; 001c  ret
;; 001d  movss xmm1,[78h]
;; 0025  ucomiss xmm0,xmm1
;; 0028  jb 0000000000000059h
;; 002e  movaps xmm1,xmm0
;; 0031  subss xmm1,[78h]
;; 0039  cvttss2si rax,xmm1
;; 003e  test rax,rax
;; 0041  js 0000000000000059h
;; 0047  mov rsi,8000000000000000h
;; 0051  or rax,rsi
;; 0054  jmp 0000000000000073h
;; 0059  xorps xmm1,xmm1
;; 005c  ucomiss xmm0,xmm1
;; 005f  jb 0000000000000071h
;; 0065  mov rax,0FFFFFFFFFFFFFFFFh
;; 006c  jmp 0000000000000073h
;; 0071  xor eax,eax
;; 0073  jmp short 000000000000001Bh
;; 0075  ud2  ; trap: call stack exhausted
;; 0077  data [00, 00, 00, 00, 5f]
;;
;; constant: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: cmp rsp,[rdi]
;; 0007  jb 0000000000000017h
;; 000d  mulsd xmm0,[20h]
;; 0015  epilog: pop rbp
;; 0016  ret
;; 0017  ud2  ; trap: call stack exhausted
;; 0019  data [00, 00, 00, 00, 00, 00, 00, 00, 00, 00, 00, 00, 00, 04, 40]
;;
;; bits: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: cmp rsp,[rdi]
;; 0007  jb 000000000000001Ch
;; 000d  cvtsd2ss xmm0,xmm0
;; 0011  cvtss2sd xmm0,xmm0
;; 0015  movq rax,xmm0
;; 001a  epilog: pop rbp
;; 001b  ret
;; 001c  ud2  ; trap: call stack exhausted

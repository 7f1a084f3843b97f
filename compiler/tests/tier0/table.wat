;; `br_table`: straight to labels, and through code that carries values.
(module
  (func $switch (param $i i32) (result i32)
    (block $c
      (block $b
        (block $a
          (br_table $a $b $c $a (local.get $i)))
        (return (i32.const 10)))
      (return (i32.const 20)))
    (i32.const 30))
  (func $carried (param $i i32) (result f64)
    (block $inner (result f64)
      (f64.const 1)
      (br_table $inner 1 (f64.const 2) (local.get $i)))
    (f64.sqrt)))

;; ----
;; switch:
;;   table at 0060 of 3 for 0039
;;   0000  push rbp
;;   0001  mov rbp, rsp
;;   0004  push rbx
;;   0005  sub rsp, 48h
;;   0009  cmp rsp, [rdi]  ; body
;;   000c  jb 5Bh
;;   0012  mov rbx, rdi
;;   0015  mov [rbp-30h], rbx
;;   0019  mov [rbp-40h], esi
;;   001c  mov ecx, [rbp-40h]
;;   001f  cmp ecx, 3
;;   0025  jae 3Bh
;;   002b  lea rax, [60h]
;;   0032  movsxd rdx, [rax+rcx*4]
;;   0036  add rdx, rax
;;   0039  jmp rdx
;;   003b  mov eax, 0Ah
;;   0040  jmp 54h
;;   0045  mov eax, 14h
;;   004a  jmp 54h
;;   004f  mov eax, 1Eh
;;   0054  add rsp, 48h  ; epilog
;;   0058  pop rbx
;;   0059  pop rbp
;;   005a  ret
;;   005b  ud2  ; trap: call stack exhausted
;;   005d  data [00, 00, 00, db, ff, ff, ff, e5, ff, ff, ff, ef, ff, ff, ff]
;; carried:
;;   table at 0080 of 1 for 0055
;;   0000  push rbp
;;   0001  mov rbp, rsp
;;   0004  push rbx
;;   0005  sub rsp, 58h
;;   0009  cmp rsp, [rdi]  ; body
;;   000c  jb 7Eh
;;   0012  mov rbx, rdi
;;   0015  mov [rbp-30h], rbx
;;   0019  mov [rbp-40h], esi
;;   001c  mov r11, 3FF0000000000000h
;;   0026  mov [rbp-48h], r11
;;   002a  mov r11, 4000000000000000h
;;   0034  mov [rbp-50h], r11
;;   0038  mov ecx, [rbp-40h]
;;   003b  cmp ecx, 1
;;   0041  jae 64h
;;   0047  lea rax, [80h]
;;   004e  movsxd rdx, [rax+rcx*4]
;;   0052  add rdx, rax
;;   0055  jmp rdx
;;   0057  mov r11, [rbp-50h]
;;   005b  mov [rbp-48h], r11
;;   005f  jmp 6Eh
;;   0064  movsd xmm0, [rbp-50h]
;;   0069  jmp 77h
;;   006e  movsd xmm0, [rbp-48h]
;;   0073  sqrtsd xmm0, xmm0
;;   0077  add rsp, 58h  ; epilog
;;   007b  pop rbx
;;   007c  pop rbp
;;   007d  ret
;;   007e  ud2  ; trap: call stack exhausted
;;   0080  data [d7, ff, ff, ff]

;; A loop: the header is a patchpoint.
(module
  (func (export "sum") (param $n i32) (result i32)
    (local $s i32)
    (loop $top
      (local.set $s (i32.add (local.get $s) (local.get $n)))
      (local.tee $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $top))
    (local.get $s)))

;; ----
;; sum:
;;   patchpoint 0 at 006c to 0036: Context I64 cfa-64, Local(0) I32 cfa-80, Local(1) I32 cfa-88
;;   0000  push rbp
;;   0001  mov rbp, rsp
;;   0004  push rbx
;;   0005  sub rsp, 58h
;;   0009  cmp rsp, [rdi]  ; body
;;   000c  jb 6Eh
;;   0012  mov rbx, rdi
;;   0015  mov [rbp-30h], rbx
;;   0019  mov [rbp-40h], esi
;;   001c  mov qword ptr [rbp-48h], 0
;;   0024  mov r11d, [rbx+50h]
;;   0028  mov [rbp-38h], r11d
;;   002c  sub dword ptr [rbp-38h], 1
;;   0030  jle 56h
;;   0036  mov eax, [rbp-48h]  ; patchpoint 0 resumes
;;   0039  add eax, [rbp-40h]
;;   003c  mov [rbp-48h], eax
;;   003f  mov eax, [rbp-40h]
;;   0042  sub eax, 1
;;   0045  mov [rbp-40h], eax
;;   0048  test eax, eax
;;   004a  jne short 2Ch
;;   004c  mov eax, [rbp-48h]
;;   004f  add rsp, 58h  ; epilog
;;   0053  pop rbx
;;   0054  pop rbp
;;   0055  ret
;;   0056  mov rdi, rbx
;;   0059  mov esi, 0
;;   005e  lea rdx, [rbp-38h]
;;   0062  lea rcx, [36h]
;;   0069  call qword ptr [rbx+8]
;;   006c  jmp rax
;;   006e  ud2  ; trap: call stack exhausted

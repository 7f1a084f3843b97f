;; A loop that tests first has its test at the bottom; tables of a few targets are compares; traps come last.
(module
  (func $while (param i32) (result i32) (local i32)
    (block $done
      (loop $again
        (br_if $done (i32.ge_s (local.get 1) (local.get 0)))
        (local.set 1 (i32.add (i32.shl (local.get 1) (i32.const 1)) (i32.const 3)))
        (br $again)))
    (local.get 1))
  (func $until (param i64) (result i64) (local i64)
    (loop $again
      (local.set 1 (i64.add (local.get 1) (local.get 0)))
      (br_if $again (i64.ne (local.tee 0 (i64.sub (local.get 0) (i64.const 1))) (i64.const 0))))
    (local.get 1))
  (func $few (param i32) (result i32)
    (block $b (block $a (br_table $a $b (local.get 0))) (return (i32.const 10)))
    (i32.const 20))
  (func $table (param i32) (result i32)
    (block $f (block $e (block $d (block $c (block $b (block $a
      (br_table $a $b $c $d $e $f (local.get 0)))
      (return (i32.const 1))) (return (i32.const 2))) (return (i32.const 3)))
      (return (i32.const 4))) (return (i32.const 5)))
    (i32.const 6))
  (func $trap (param i32) (result i32)
    (if (local.get 0) (then unreachable))
    (i32.const 1)))

;; ---- code ----
;;
;; while: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov esi,esi
;; 0006  cmp rsp,[rdi]
;; 0009  jb 0000000000000024h
;; 000f  xor eax,eax
;; 0011  jmp 000000000000001Eh
;; 0016  lea r10d,[rax+rax]
;; 001a  lea eax,[r10+3]
;; 001e  cmp eax,esi
;; 0020  jl short 0000000000000016h
;; 0022  epilog: pop rbp
;; 0023  ret
;; 0024  ud2  ; trap: call stack exhausted
;;
;; until: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: cmp rsp,[rdi]
;; 0007  jb 000000000000001Ah
;; 000d  xor eax,eax
;; 000f  add rax,rsi
;; 0012  add rsi,0FFFFFFFFFFFFFFFFh
;; 0016  jne short 000000000000000Fh
;; 0018  epilog: pop rbp
;; 0019  ret
;; 001a  ud2  ; trap: call stack exhausted
;;
;; few: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov esi,esi
;; 0006  cmp rsp,[rdi]
;; 0009  jb 0000000000000029h
;; 000f  cmp esi,0
;; 0012  je 0000000000000022h
;; 0018  mov eax,14h
;; 001d  jmp 0000000000000027h
;; 0022  mov eax,0Ah
;; 0027  epilog: pop rbp
;; 0028  ret
;; 0029  ud2  ; trap: call stack exhausted
;;
;; table: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov r9d,esi
;; 0007  cmp rsp,[rdi]
;; 000a  jb 0000000000000063h
;; 0010  cmp r9d,5
;; 0014  jae 000000000000002Ah
;; 001a  lea rcx,[68h]
;; 0021  movsxd rax,[rcx+r9*4]
;; 0025  add rax,rcx
;; 0028  jmp rax
;; 002a  mov eax,6
;; 002f  jmp 0000000000000061h
;; 0034  mov eax,5
;; 0039  jmp 0000000000000061h
;; 003e  mov eax,4
;; 0043  jmp 0000000000000061h
;; 0048  mov eax,3
;; 004d  jmp 0000000000000061h
;; 0052  mov eax,2
;; 0057  jmp 0000000000000061h
;; 005c  mov eax,1
;; 0061  epilog: pop rbp
;; 0062  ret
;; 0063  ud2  ; trap: call stack exhausted
;; 0065  data [00, 00, 00, f4, ff, ff, ff, ea, ff, ff, ff, e0, ff, ff, ff, d6, ff, ff, ff, cc, ff, ff, ff]
;;
;; trap: saved {}, {"locals": 0, "outgoing": 0}
;; 0000  push rbp
;; 0001  mov rbp,rsp
;; 0004  body: mov esi,esi
;; 0006  cmp rsp,[rdi]
;; 0009  jb 0000000000000020h
;; 000f  test esi,esi
;; 0011  jne 000000000000001Eh
;; 0017  mov eax,1
;; 001c  epilog: pop rbp
;; 001d  ret
;; 001e  ud2  ; trap: unreachable
;; 0020  ud2  ; trap: call stack exhausted

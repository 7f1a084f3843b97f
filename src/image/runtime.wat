;; What a program needs at run time that has neither an engine nor a library.
;;
;; This module's memory starts at address 0, so that an i32 address is one of the image; nothing checks its accesses.
;; Addresses beyond 4 GiB (the stack, linear memories) are reached through `poke` only. The mutable globals are exported
;; for the linker, which fills them in by name. Records are laid out in src/image/freeze.rs.
(module
  (import "platform" "system_call"
    (func $system_call (param i64 i64 i64 i64 i64 i64 i64) (result i64)))
  (import "platform" "poke" (func $poke (param i64 i32)))

  (memory 1)
  (table (export "stubs") 256 funcref)
  (type $enter (func (param i64 i64 i64) (result i32)))

  ;; Of the platform.
  (global $write (export "write") (mut i64) (i64.const 0))
  (global $mmap (export "mmap") (mut i64) (i64.const 0))
  (global $mprotect (export "mprotect") (mut i64) (i64.const 0))
  (global $rt_sigaction (export "rt_sigaction") (mut i64) (i64.const 0))
  (global $sigaltstack (export "sigaltstack") (mut i64) (i64.const 0))
  (global $exit_group (export "exit_group") (mut i64) (i64.const 0))
  (global $signal_pc (export "signal_pc") (mut i32) (i32.const 0))
  (global $signal_sp (export "signal_sp") (mut i32) (i32.const 0))
  ;; Code: the signal handler; what it returns to, or 0.
  (global $handler (export "handler_code") (mut i64) (i64.const 0))
  (global $restorer (export "restorer_code") (mut i64) (i64.const 0))
  ;; Whether results are written as the bits they are.
  (global $raw (export "raw") (mut i32) (i32.const 0))
  ;; Word that holds SP as the kernel gave it.
  (global $entry_sp (export "entry_sp") (mut i32) (i32.const 0))
  ;; Room: for the kernel's structures and, from the 129th byte on, for a line of text; for the handler's stack.
  (global $scratch (export "scratch") (mut i32) (i32.const 0))
  (global $signal_stack (export "signal_stack") (mut i32) (i32.const 0))
  (global $signal_stack_bytes (export "signal_stack_bytes") (mut i32) (i32.const 0))
  ;; Arrays, each from its first byte to its end.
  (global $signals (export "signals") (mut i32) (i32.const 0))
  (global $signals_end (export "signals_end") (mut i32) (i32.const 0))
  (global $contexts (export "contexts") (mut i32) (i32.const 0))
  (global $contexts_end (export "contexts_end") (mut i32) (i32.const 0))
  (global $memories (export "memories") (mut i32) (i32.const 0))
  (global $memories_end (export "memories_end") (mut i32) (i32.const 0))
  (global $fills (export "fills") (mut i32) (i32.const 0))
  (global $fills_end (export "fills_end") (mut i32) (i32.const 0))
  (global $sites (export "sites") (mut i32) (i32.const 0))
  (global $sites_end (export "sites_end") (mut i32) (i32.const 0))
  (global $steps (export "steps") (mut i32) (i32.const 0))
  (global $steps_end (export "steps_end") (mut i32) (i32.const 0))
  ;; First element of the table of entry stubs.
  (global $stubs (export "stubs_base") (mut i32) (i32.const 0))
  ;; The stay in code: SP in the entry stub, its landing, the trap site.
  (global $activation (export "activation") (mut i32) (i32.const 0))

  ;; ---- the kernel ----

  (func $write_bytes (param $file i64) (param $from i32) (param $bytes i32)
    (local $done i64)
    (loop $more
      (if (i32.gt_s (local.get $bytes) (i32.const 0))
        (then
          (local.set $done (call $system_call (global.get $write) (local.get $file)
            (i64.extend_i32_u (local.get $from)) (i64.extend_i32_u (local.get $bytes))
            (i64.const 0) (i64.const 0) (i64.const 0)))
          (if (i64.le_s (local.get $done) (i64.const 0)) (then (call $exit (i64.const 2))))
          (local.set $from (i32.add (local.get $from) (i32.wrap_i64 (local.get $done))))
          (local.set $bytes (i32.sub (local.get $bytes) (i32.wrap_i64 (local.get $done))))
          (br $more)))))

  (func $exit (param $status i64)
    (drop (call $system_call (global.get $exit_group) (local.get $status)
      (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0))))

  ;; Ends the program if this result of a system call is an error.
  (func $must (param $result i64) (param $number i64)
    (if (i64.lt_s (local.get $result) (i64.const 0))
      (then
        (call $begin)
        (call $text (i64.const 0x203a726f727265)) ;; "error: "
        (call $text (i64.const 0x206c656e72656b)) ;; "kernel "
        (call $text (i64.const 0x206c6c6163)) ;; "call "
        (call $decimal (local.get $number))
        (call $text (i64.const 0x203a)) ;; ": "
        (call $decimal (local.get $result))
        (call $end_line (i64.const 2))
        (call $exit (i64.const 2)))))

  ;; ---- a line of text ----

  (global $at (mut i32) (i32.const 0))

  (func $begin
    (global.set $at (i32.add (global.get $scratch) (i32.const 128))))

  (func $byte (param $byte i32)
    (i32.store8 (global.get $at) (local.get $byte))
    (global.set $at (i32.add (global.get $at) (i32.const 1))))

  ;; Up to eight characters, the first in the lowest byte.
  (func $text (param $text i64)
    (loop $more
      (if (i64.ne (local.get $text) (i64.const 0))
        (then
          (call $byte (i32.wrap_i64 (i64.and (local.get $text) (i64.const 255))))
          (local.set $text (i64.shr_u (local.get $text) (i64.const 8)))
          (br $more)))))

  (func $end_line (param $file i64)
    (local $from i32)
    (call $byte (i32.const 10))
    (local.set $from (i32.add (global.get $scratch) (i32.const 128)))
    (call $write_bytes (local.get $file) (local.get $from) (i32.sub (global.get $at) (local.get $from))))

  (func $decimal (param $value i64)
    (if (i64.lt_s (local.get $value) (i64.const 0))
      (then
        (call $byte (i32.const 45))
        (local.set $value (i64.sub (i64.const 0) (local.get $value)))))
    (call $digits (local.get $value)))

  (func $digits (param $value i64)
    (if (i64.ge_u (local.get $value) (i64.const 10))
      (then (call $digits (i64.div_u (local.get $value) (i64.const 10)))))
    (call $byte (i32.add (i32.const 48) (i32.wrap_i64 (i64.rem_u (local.get $value) (i64.const 10))))))

  (func $hex_digit (param $digit i32)
    (call $byte (i32.add (local.get $digit)
      (select (i32.const 87) (i32.const 48) (i32.gt_u (local.get $digit) (i32.const 9))))))

  (func $hexadecimal (param $value i64)
    (if (i64.gt_u (local.get $value) (i64.const 15))
      (then (call $hexadecimal (i64.shr_u (local.get $value) (i64.const 4)))))
    (call $hex_digit (i32.wrap_i64 (i64.and (local.get $value) (i64.const 15)))))

  ;; A float exactly: 0x1.8p+1, 0x0p+0, inf, -nan.
  (func $float (param $value f64)
    (local $bits i64)
    (local $exponent i64)
    (local.set $bits (i64.reinterpret_f64 (local.get $value)))
    (if (i64.lt_s (local.get $bits) (i64.const 0)) (then (call $byte (i32.const 45))))
    (local.set $exponent (i64.and (i64.shr_u (local.get $bits) (i64.const 52)) (i64.const 0x7ff)))
    (local.set $bits (i64.shl (local.get $bits) (i64.const 12)))
    (if (i64.eq (local.get $exponent) (i64.const 0x7ff))
      (then
        (call $text (select (i64.const 0x666e69) (i64.const 0x6e616e) (i64.eqz (local.get $bits))))
        (return)))
    (call $text (select (i64.const 0x307830) (i64.const 0x317830) (i64.eqz (local.get $exponent)))) ;; 0x0, 0x1
    (call $fraction (local.get $bits))
    (call $byte (i32.const 112))
    (if (i64.eqz (local.get $exponent))
      (then
        (if (i64.ne (local.get $bits) (i64.const 0)) (then (local.set $exponent (i64.const -1022)))))
      (else (local.set $exponent (i64.sub (local.get $exponent) (i64.const 1023)))))
    (if (i64.ge_s (local.get $exponent) (i64.const 0)) (then (call $byte (i32.const 43))))
    (call $decimal (local.get $exponent)))

  ;; A point and hexadecimal digits, highest first, as long as there are some.
  (func $fraction (param $bits i64)
    (if (i64.eqz (local.get $bits)) (then (return)))
    (call $byte (i32.const 46))
    (loop $more
      (call $hex_digit (i32.wrap_i64 (i64.shr_u (local.get $bits) (i64.const 60))))
      (local.set $bits (i64.shl (local.get $bits) (i64.const 4)))
      (br_if $more (i64.ne (local.get $bits) (i64.const 0)))))

  ;; ---- what `spectest` prints, on standard error ----

  (func (export "print")
    (call $begin)
    (call $end_line (i64.const 2)))
  (func (export "print_i32") (param i32)
    (call $begin)
    (call $decimal (i64.extend_i32_s (local.get 0)))
    (call $end_line (i64.const 2)))
  (func (export "print_i64") (param i64)
    (call $begin)
    (call $decimal (local.get 0))
    (call $end_line (i64.const 2)))
  (func (export "print_f32") (param f32)
    (call $begin)
    (call $float (f64.promote_f32 (local.get 0)))
    (call $end_line (i64.const 2)))
  (func (export "print_f64") (param f64)
    (call $begin)
    (call $float (local.get 0))
    (call $end_line (i64.const 2)))
  (func (export "print_i32_f32") (param i32 f32)
    (call $begin)
    (call $decimal (i64.extend_i32_s (local.get 0)))
    (call $byte (i32.const 32))
    (call $float (f64.promote_f32 (local.get 1)))
    (call $end_line (i64.const 2)))
  (func (export "print_f64_f64") (param f64 f64)
    (call $begin)
    (call $float (local.get 0))
    (call $byte (i32.const 32))
    (call $float (local.get 1))
    (call $end_line (i64.const 2)))

  ;; ---- what code asks for: its context first ----

  ;; Where a patchpoint goes on whose counter ran out: an OSR method, or where it came from.
  (func (export "patchpoint")
    (param $context i64) (param $key i64) (param $counter i64) (param $resume i64) (result i64)
    (local $method i32)
    (local $context_at i32)
    (local.set $context_at (i32.wrap_i64 (local.get $context)))
    (call $poke (local.get $counter) (i32.load offset=80 (local.get $context_at)))
    ;; context -> instance -> methods of the function -> method of the patchpoint
    (local.set $method (i32.load offset=4 (i32.load offset=72 (local.get $context_at))))
    (local.set $method (i32.load (i32.add (local.get $method)
      (i32.shl (i32.wrap_i64 (i64.shr_u (local.get $key) (i64.const 32))) (i32.const 2)))))
    (if (i32.eqz (local.get $method)) (then (return (local.get $resume))))
    (local.set $method (i32.add (local.get $method)
      (i32.shl (i32.wrap_i64 (local.get $key)) (i32.const 4))))
    (if (i64.eqz (i64.load (local.get $method))) (then (return (local.get $resume))))
    (call $write_bytes (i64.const 2) (i32.load offset=8 (local.get $method))
      (i32.load offset=12 (local.get $method)))
    (i64.load (local.get $method)))

  ;; Size of memory 0 in pages before it grows, or -1.
  (func (export "memory_grow") (param $context i64) (param $pages i32) (result i32)
    (local $memory i32)
    (local $old i64)
    (local $new i64)
    (local.set $memory (i32.load (i32.load offset=72 (i32.wrap_i64 (local.get $context)))))
    (local.set $old (i64.shr_u (i64.load offset=8 (local.get $memory)) (i64.const 16)))
    (local.set $new (i64.add (local.get $old) (i64.extend_i32_u (local.get $pages))))
    (if (i64.gt_u (local.get $new) (i64.load offset=16 (local.get $memory)))
      (then (return (i32.const -1))))
    (local.set $new (i64.shl (local.get $new) (i64.const 16)))
    (if (i64.lt_s (call $commit (local.get $memory) (local.get $new)) (i64.const 0))
      (then (return (i32.const -1))))
    (i64.store offset=8 (local.get $memory) (local.get $new))
    (i32.wrap_i64 (local.get $old)))

  ;; Makes the first bytes of a memory accessible: PROT_READ | PROT_WRITE.
  (func $commit (param $memory i32) (param $bytes i64) (result i64)
    (if (i64.eqz (local.get $bytes)) (then (return (i64.const 0))))
    (call $system_call (global.get $mprotect) (i64.load (local.get $memory)) (local.get $bytes)
      (i64.const 3) (i64.const 0) (i64.const 0) (i64.const 0)))

  ;; A function was called often: its optimized code from now on, where there is some.
  (func (export "tier_up") (param $context i64) (param $function i32)
    (local $entry i32)
    (local.set $entry (i32.add
      (i32.load offset=8 (i32.load offset=72 (i32.wrap_i64 (local.get $context))))
      (i32.shl (local.get $function) (i32.const 4))))
    (i32.store (i32.load offset=12 (local.get $entry)) (i32.const 0x7fffffff))
    (if (i64.ne (i64.load (local.get $entry)) (i64.const 0))
      (then (i64.store (i32.load offset=8 (local.get $entry)) (i64.load (local.get $entry))))))

  ;; ---- signals ----

  ;; At a trap site: goes on at the landing of the entry stub. Elsewhere: the program's end.
  (func (export "handler") (param $signal i64) (param $information i64) (param $state i64)
    (local $site i32)
    (local $state_at i32)
    (local $pc i64)
    (local.set $state_at (i32.wrap_i64 (local.get $state)))
    (local.set $pc (i64.load (i32.add (local.get $state_at) (global.get $signal_pc))))
    (local.set $site (global.get $sites))
    (block $found
      (loop $next
        (if (i32.lt_u (local.get $site) (global.get $sites_end))
          (then
            (br_if $found (i64.eq (i64.load32_u (local.get $site)) (local.get $pc)))
            (local.set $site (i32.add (local.get $site) (i32.const 12)))
            (br $next))))
      (call $begin)
      (call $text (i64.const 0x203a746c756166)) ;; "fault: "
      (call $text (i64.const 0x206c616e676973)) ;; "signal "
      (call $decimal (i64.extend_i32_u (i32.wrap_i64 (local.get $signal))))
      (call $text (i64.const 0x783020746120)) ;; " at 0x"
      (call $hexadecimal (local.get $pc))
      (call $end_line (i64.const 2))
      (call $exit (i64.const 139)))
    (i32.store offset=16 (global.get $activation) (local.get $site))
    (i64.store (i32.add (local.get $state_at) (global.get $signal_pc))
      (i64.load offset=8 (global.get $activation)))
    (i64.store (i32.add (local.get $state_at) (global.get $signal_sp))
      (i64.load (global.get $activation))))

  (func $handle_signals
    (local $room i32)
    (local $signal i32)
    (local.set $room (global.get $scratch))
    ;; stack_t: first byte, flags, size.
    (i64.store (local.get $room) (i64.extend_i32_u (global.get $signal_stack)))
    (i64.store offset=8 (local.get $room) (i64.const 0))
    (i64.store offset=16 (local.get $room) (i64.extend_i32_u (global.get $signal_stack_bytes)))
    (call $must (call $system_call (global.get $sigaltstack) (i64.extend_i32_u (local.get $room))
      (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0)) (global.get $sigaltstack))
    ;; sigaction: handler; SA_SIGINFO | SA_ONSTACK, and SA_RESTORER where there is one; restorer; mask.
    (i64.store (local.get $room) (global.get $handler))
    (i64.store offset=8 (local.get $room)
      (select (i64.const 0x08000004) (i64.const 0x0c000004) (i64.eqz (global.get $restorer))))
    (i64.store offset=16 (local.get $room) (global.get $restorer))
    (i64.store offset=24 (local.get $room) (i64.const 0))
    (local.set $signal (global.get $signals))
    (loop $next
      (if (i32.lt_u (local.get $signal) (global.get $signals_end))
        (then
          (call $must (call $system_call (global.get $rt_sigaction)
            (i64.load32_u (local.get $signal)) (i64.extend_i32_u (local.get $room)) (i64.const 0)
            (i64.const 8) (i64.const 0) (i64.const 0)) (global.get $rt_sigaction))
          (local.set $signal (i32.add (local.get $signal) (i32.const 4)))
          (br $next)))))

  ;; ---- the start ----

  ;; Code may use 7 MiB of the 8 MiB that a stack may grow to where nobody has changed it (Linux, _STK_LIM).
  (func $limit_stacks
    (local $context i32)
    (local.set $context (global.get $contexts))
    (loop $next
      (if (i32.lt_u (local.get $context) (global.get $contexts_end))
        (then
          (i64.store (i32.load (local.get $context))
            (i64.sub (i64.load (global.get $entry_sp)) (i64.const 0x700000)))
          (local.set $context (i32.add (local.get $context) (i32.const 4)))
          (br $next)))))

  ;; Reserves what a 32-bit index and offset can reach, 8 GiB and a page, at the place asked for: PROT_NONE,
  ;; MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE (Linux, asm-generic/mman-common.h and mman.h).
  (func $reserve_memories
    (local $memory i32)
    (local $base i64)
    (local.set $memory (global.get $memories))
    (loop $next
      (if (i32.lt_u (local.get $memory) (global.get $memories_end))
        (then
          (local.set $base (call $system_call (global.get $mmap) (i64.load (local.get $memory))
            (i64.const 0x200010000) (i64.const 0) (i64.const 0x4022) (i64.const -1) (i64.const 0)))
          (call $must (select (local.get $base) (i64.const -17)
            (i32.or (i64.lt_s (local.get $base) (i64.const 0))
              (i64.eq (local.get $base) (i64.load (local.get $memory))))) (global.get $mmap))
          (call $must (call $commit (local.get $memory) (i64.load offset=8 (local.get $memory)))
            (global.get $mprotect))
          (local.set $memory (i32.add (local.get $memory) (i32.const 24)))
          (br $next)))))

  ;; Copies what memories hold at first, four bytes at a time.
  (func $fill_memories
    (local $fill i32)
    (local $at i32)
    (local.set $fill (global.get $fills))
    (loop $next
      (if (i32.lt_u (local.get $fill) (global.get $fills_end))
        (then
          (local.set $at (i32.const 0))
          (loop $copy
            (if (i32.lt_u (local.get $at) (i32.load offset=12 (local.get $fill)))
              (then
                (call $poke
                  (i64.add (i64.load (local.get $fill)) (i64.extend_i32_u (local.get $at)))
                  (i32.load (i32.add (i32.load offset=8 (local.get $fill)) (local.get $at))))
                (local.set $at (i32.add (local.get $at) (i32.const 4)))
                (br $copy))))
          (local.set $fill (i32.add (local.get $fill) (i32.const 16)))
          (br $next)))))

  (func (export "main")
    (local $step i32)
    (call $limit_stacks)
    (call $handle_signals)
    (call $reserve_memories)
    (call $fill_memories)
    (local.set $step (global.get $steps))
    (loop $next
      (if (i32.lt_u (local.get $step) (global.get $steps_end))
        (then
          (if (call $enter (local.get $step))
            (then (call $trapped))
            (else (call $returned (local.get $step))))
          (local.set $step (i32.add (local.get $step) (i32.const 28)))
          (br $next))))
    (call $exit (i64.const 0)))

  ;; Calls a function through an entry stub; whether it trapped. A step without a stub only reads.
  (func $enter (param $step i32) (result i32)
    (local $stub i32)
    (local.set $stub (i32.load (local.get $step)))
    (if (i32.lt_s (local.get $stub) (i32.const 0)) (then (return (i32.const 0))))
    ;; The stub's first argument, a context for other functions, is the code to be called.
    (i64.store offset=8
      (i32.add (global.get $stubs) (i32.shl (local.get $stub) (i32.const 5)))
      (i64.load (i32.load offset=4 (local.get $step))))
    (i64.store offset=8 (global.get $activation) (i64.load32_u offset=16 (local.get $step)))
    (call_indirect (type $enter)
      (i64.load32_u offset=8 (local.get $step))
      (i64.load32_u offset=12 (local.get $step))
      (i64.extend_i32_u (global.get $activation))
      (local.get $stub)))

  ;; Tells of a trap. As bits: one, and the number of the site.
  (func $trapped
    (local $site i32)
    (local.set $site (i32.load offset=16 (global.get $activation)))
    (if (global.get $raw)
      (then
        (i32.store (global.get $scratch) (i32.const 1))
        (i32.store offset=4 (global.get $scratch)
          (i32.div_u (i32.sub (local.get $site) (global.get $sites)) (i32.const 12)))
        (call $write_bytes (i64.const 1) (global.get $scratch) (i32.const 8)))
      (else
        (call $write_bytes (i64.const 2) (i32.load offset=4 (local.get $site))
          (i32.load offset=8 (local.get $site)))
        (call $exit (i64.const 134)))))

  ;; Tells of results, in order. As bits: zero, their number, and a word each.
  (func $returned (param $step i32)
    (local $result i32)
    (local $end i32)
    (local.set $result (i32.load offset=20 (local.get $step)))
    (local.set $end (i32.load offset=24 (local.get $step)))
    (if (global.get $raw)
      (then
        (i32.store (global.get $scratch) (i32.const 0))
        (i32.store offset=4 (global.get $scratch)
          (i32.shr_u (i32.sub (local.get $end) (local.get $result)) (i32.const 3)))
        (call $write_bytes (i64.const 1) (global.get $scratch) (i32.const 8))))
    (loop $next
      (if (i32.lt_u (local.get $result) (local.get $end))
        (then
          (if (global.get $raw)
            (then (call $write_bytes (i64.const 1) (i32.load offset=4 (local.get $result)) (i32.const 8)))
            (else (call $show (i32.load (local.get $result)) (i32.load offset=4 (local.get $result)))))
          (local.set $result (i32.add (local.get $result) (i32.const 8)))
          (br $next)))))

  ;; A value on a line of its own, by its type: i32, i64, f32, f64.
  (func $show (param $type i32) (param $value i32)
    (call $begin)
    (block $done
      (block $f64
        (block $f32
          (block $i64
            (block $i32
              (br_table $i32 $i64 $f32 $f64 (local.get $type)))
            (call $decimal (i64.load32_s (local.get $value)))
            (br $done))
          (call $decimal (i64.load (local.get $value)))
          (br $done))
        (call $float (f64.promote_f32 (f32.load (local.get $value))))
        (br $done))
      (call $float (f64.load (local.get $value))))
    (call $end_line (i64.const 1)))
)

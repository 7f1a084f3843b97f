/* Ordinary functions, for every machine: leaves, calls through the PLT and of each other, a jump table, one that does
   not return, an alias. */

extern int other(int);
extern void note(const char *, int);

int add(int a, int b) { return a + b; }

int plus_other(int a, int b) { return other(a) + other(b) * b; }

__attribute__((noinline)) static int hidden(int a) { return other(a) ^ other(a + 1) ^ a; }

int twice_hidden(int a) { return hidden(a) + hidden(a + 3); }

int tail(int a) { return other(a + 1); }

int switched(int kind, int a) {
    switch (kind) {
    case 0: return other(a) + 17;
    case 1: return other(a + 1) * 3;
    case 2: note("two", a); return a;
    case 3: return other(a * 5) - a;
    case 4: note("four", a); return 4 * a;
    case 5: return other(other(a));
    case 6: return a << 3;
    case 7: return other(a ^ 21) ^ a;
    default: return -1;
    }
}

__attribute__((noinline, noreturn)) void stop(int why) {
    for (;;) note("stop", why);
}

int checked(int a) {
    if (a < 0) stop(a);
    return other(a) + a;
}

int many(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j) {
    int sum = other(a) + b;
    sum += other(b + sum) * c + other(d) * e + other(f) * g;
    return sum + h * other(i) + j + a + b + c + d + e + f + g;
}

double weighted(double a, double b, int n) {
    double sum = a;
    for (int i = 0; i < n; i++) sum += b * other(i) + a;
    return sum;
}

extern int renamed(int, int) __attribute__((alias("plus_other")));

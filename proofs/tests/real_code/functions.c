// Ordinary functions, for a compiler to make ordinary code of.

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef long i64;

u64 factorial(u64 n) { return n < 2 ? 1 : n * factorial(n - 1); }

u32 crc32(const u8 *data, u64 size) {
  u32 crc = ~0u;
  for (u64 i = 0; i < size; i++) {
    crc ^= data[i];
    for (int bit = 0; bit < 8; bit++)
      crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
  }
  return ~crc;
}

i64 divide(i64 a, i64 b, int *rest) {
  *rest = (int)(a % b);
  return a / b + (int)a / 7 + (u32)b % 10u;
}

void sort(int *v, int n) {
  for (int i = 1; i < n; i++) {
    int x = v[i], j = i;
    for (; j > 0 && v[j - 1] > x; j--)
      v[j] = v[j - 1];
    v[j] = x;
  }
}

double horner(const double *c, int n, double x) {
  double r = 0;
  for (int i = n - 1; i >= 0; i--)
    r = r * x + c[i];
  return r;
}

float length(float x, float y, float z) { return __builtin_sqrtf(x * x + y * y + z * z); }

double mixed(int a, u64 b, float c, double d) {
  double r = a + (double)b;
  if (c < d)
    r -= c;
  else if (c >= 2 * d || c != c)
    r /= d;
  return __builtin_fabs(r) + __builtin_copysign(c, d);
}

i64 convert(double d, float f) { return (i64)d + (u32)f + (int)d + (i64)(u64)f; }

int text_compare(const char *a, const char *b) {
  while (*a && *a == *b)
    a++, b++;
  return (u8)*a - (u8)*b;
}

u64 bits(u64 x) {
  x = (x & 0x5555555555555555) + (x >> 1 & 0x5555555555555555);
  x = (x & 0x3333333333333333) + (x >> 2 & 0x3333333333333333);
  return (x + (x >> 4) & 0x0f0f0f0f0f0f0f0f) * 0x0101010101010101 >> 56;
}

struct node { struct node *next; u16 kind; short small; int value; double weight; };

double walk(struct node *n, int (*visit)(struct node *, u64)) {
  double sum = 0;
  for (u64 i = 0; n; n = n->next, i++) {
    switch (n->kind) {
    case 0: sum += n->value; break;
    case 1: sum -= n->small; break;
    case 2: sum *= 2; break;
    case 3: n->value = (int)sum; break;
    case 4: n->small = (short)i; break;
    case 5: sum += n->weight; break;
    default: if (visit(n, i)) return sum;
    }
  }
  return sum;
}

u64 big_frame(int n, void (*fill)(u8 *, u64)) {
  u8 room[5000];
  u64 sum = 0;
  fill(room, sizeof room);
  for (int i = 0; i < n; i++)
    sum = (sum << 3 | sum >> 61) ^ room[i % 5000];
  return sum;
}

int add_atomically(int *counter, i64 *total, int by) {
  __atomic_fetch_add(total, by, __ATOMIC_SEQ_CST);
  i64 expected = 5;
  __atomic_compare_exchange_n(total, &expected, 6, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
  return __atomic_add_fetch(counter, by, __ATOMIC_RELEASE);
}

void matrix(double *restrict c, const double *a, const double *b, int n) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      double sum = 0;
      for (int k = 0; k < n; k++)
        sum += a[i * n + k] * b[k * n + j];
      c[i * n + j] = sum;
    }
}

/* Products, cross-entropy and the SGD step in the order of rounding that EdgeDropBack promises (every element of a product one chain of fused
   multiply-adds; exp and log from its own polynomials), for tools/dropback_emulation.py --rounding edgedropback. Written a second time, with the
   coefficients of the engine's polynomials; nothing of the engine is called. Build with -ffp-contract=off: what is fused is written as fmaf. */
#include <math.h>
#include <stdint.h>
#include <string.h>

/* c[i][j], rows x width of them, = the chain over p of a[i][p] b[p][j], from 0. */
static inline __attribute__((always_inline)) void tile(const float *a, const float *b, float *c, int rows, int width, int n, int k)
{
    float sums[6][64] = {{0}};
    for (int p = 0; p < k; p++)
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < width; j++)
                sums[i][j] = fmaf(a[(long)i * k + p], b[(long)p * n + j], sums[i][j]);
    for (int i = 0; i < rows; i++)
        memcpy(c + (long)i * n, sums[i], width * sizeof(float));
}

static inline __attribute__((always_inline)) int columns(const float *a, const float *b, float *c, int m, int n, int k, int j, int width)
{
    for (; j + width <= n; j += width) {
        int i = 0;
        for (; i + 6 <= m; i += 6)
            tile(a + (long)i * k, b + j, c + (long)i * n + j, 6, width, n, k);
        for (; i < m; i++)
            tile(a + (long)i * k, b + j, c + (long)i * n + j, 1, width, n, k);
    }
    return j;
}

/* c [m, n] = a [m, k] x b [k, n]. */
void product(const float *a, const float *b, float *c, int m, int n, int k)
{
    int j = columns(a, b, c, m, n, k, 0, 64);
    j = columns(a, b, c, m, n, k, j, 16);
    j = columns(a, b, c, m, n, k, j, 4);
    columns(a, b, c, m, n, k, j, 1);
}

static float from_bits(int32_t bits) { float x; memcpy(&x, &bits, 4); return x; }
static int32_t to_bits(float x) { int32_t bits; memcpy(&bits, &x, 4); return bits; }

static float exponential(float x)
{
    x = x < -104 ? -104 : x > 89 ? 89 : x;
    float shifted = fmaf(x, 1.44269504f, 12582912.0f), n = shifted - 12582912.0f;
    float r = fmaf(n, 1.90465421e-9f, fmaf(n, -0.693147182f, x));
    float p = 0.000198912472f;
    p = fmaf(p, r, 0.00139338814f);
    p = fmaf(p, r, 0.00833331048f);
    p = fmaf(p, r, 0.041666463f);
    p = fmaf(p, r, 0.166666672f);
    p = fmaf(p, r, 0.5f);
    int32_t whole = (int32_t)n, half = whole >> 1;
    return (1 + fmaf(p, r * r, r)) * from_bits((half + 127) << 23) * from_bits((whole - half + 127) << 23);
}

/* For x of at least 1. */
static float logarithm(float x)
{
    int32_t bits = to_bits(x) - 0x3F3504F3;
    float n = (float)(bits >> 23), f = from_bits((bits & 0x007FFFFF) + 0x3F3504F3) - 1;
    float s = f / (2 + f), z = s * s;
    float p = 0.233329132f;
    p = fmaf(p, z, 0.285507321f);
    p = fmaf(p, z, 0.400001228f);
    p = fmaf(p, z, 0.666666687f);
    float half = 0.5f * f * f;
    float tail = fmaf(s, fmaf(z, p, half), fmaf(n, 1.42860677e-6f, 0));
    return fmaf(n, 0.693145752f, tail - half + f);
}

/* Gradient of the mean cross-entropy on logits [rows, classes], by label; returns the loss. A row's sum: lane = place mod 8, and a tree. */
double cross_entropy(const float *logits, const int64_t *labels, float *gradient, int rows, int classes)
{
    double loss = 0;
    float scale = 1 / (float)rows;
    for (int i = 0; i < rows; i++) {
        const float *z = logits + (long)i * classes;
        float max = -INFINITY, l[8] = {0};
        for (int c = 0; c < classes; c++)
            max = z[c] > max ? z[c] : max;
        for (int c = 0; c < classes; c++)
            l[c % 8] += exponential(z[c] - max);
        float log = logarithm(((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7])));
        for (int c = 0; c < classes; c++)
            gradient[(long)i * classes + c] = scale * (exponential(z[c] - max - log) - (c == labels[i]));
        loss += log - (z[labels[i]] - max);
    }
    return loss / rows;
}

/* p = p - rate x g, rounded once. */
void step(float *p, const float *g, float rate, long count)
{
    for (long i = 0; i < count; i++)
        p[i] = fmaf(-rate, g[i], p[i]);
}

namespace EdgeDropBack.Kernels;

/// <summary>The 64-bit registers that a leaf function may use, by their numbers in machine code.</summary>
enum Gpr : byte
{
    Rax = 0,
    Rcx = 1,
    Rdx = 2,
    Rsp = 4,
    Rsi = 6,
    Rdi = 7,
    R8 = 8,
    R9 = 9,
    R10 = 10,
    R11 = 11,
}

# Weights, as free functions: the networks call them as __torch__.weights.NAME. The engine copies functions into their callers:
# if no weights are stored as codes, plain_linear takes the place of linear, else only the types that are there are kept
# (ScriptModule).
#
# Weights that are 8-bit integers: P.int8, with P.step (kernels.int8_linear).
#
# Weights that are stored as codes: The codes of P.weight
# are P.codes, bytes of shape (O, bytes of a row); they become numbers a layer at a time. P.type is ATen's number of the type of
# each byte, negative, in which case P.scale multiplies them if there is one; or that of ggml's blocks
# (https://github.com/ggml-org/ggml/blob/master/src/ggml-quants.c).

# x (..., I), P.weight (O, I) -> (..., O)
def plain_linear(x: Tensor, w: Dict[str, Tensor], p: str, bias: Optional[Tensor]) -> Tensor:
  return __torch__.kernels.linear(x, w[p + ".weight"], bias)

def linear(x: Tensor, w: Dict[str, Tensor], p: str, bias: Optional[Tensor]) -> Tensor:
  if (p + ".int8") in w:
    y = __torch__.kernels.int8_linear(x, w[p + ".int8"], w[p + ".step"], bias)
  else:
    if (p + ".codes") in w:
      weight = torch.type_as(__torch__.weights.numbers(w, p), x)
    else:
      weight = w[p + ".weight"]
    y = __torch__.kernels.linear(x, weight, bias)
  return y

# The same of a layer that LoRAs may change: P.down (R, I), P.up (O, R), P.delta (O, I). The weight itself stays as it is.
def adapted_linear(x: Tensor, w: Dict[str, Tensor], p: str, bias: Optional[Tensor]) -> Tensor:
  y = __torch__.weights.linear(x, w, p, bias)
  if (p + ".down") in w:
    y = torch.add(y, __torch__.kernels.linear(__torch__.kernels.linear(x, w[p + ".down"], None), w[p + ".up"], None))
  if (p + ".delta") in w:
    y = torch.add(y, __torch__.kernels.linear(x, w[p + ".delta"], None))
  return y

# -> (O, I) in float32
def numbers(w: Dict[str, Tensor], p: str) -> Tensor:
  codes = w[p + ".codes"]
  type = int(w[p + ".type"])
  if torch.gt(type, 0):
    rows = torch.size(codes, 0)
    y = torch.reshape(__torch__.weights.blocks(codes, type), [rows, -1])
  else:
    y = torch.to(torch.view_copy(codes, dtype=torch.neg(type)), 6)
    if (p + ".scale") in w:
      y = __torch__.weights.scaled(y, w[p + ".scale"])
  return y

# y (O, I), scale of one element, (O, 1) or (O, parts of a row, 1)
def scaled(y: Tensor, scale: Tensor) -> Tensor:
  count = torch.numel(scale)
  if torch.eq(count, 1):
    z = torch.mul(y, torch.reshape(scale, [1, 1]))
  else:
    rows = torch.size(y, 0)
    parts = torch.floordiv(count, rows)
    z = torch.reshape(torch.mul(torch.reshape(y, [rows, parts, -1]), torch.reshape(scale, [rows, parts, 1])), [rows, -1])
  return z

# Half floats of bytes [at, at + 2) of each block: (N, 1), float32
def half(x: Tensor, at: int) -> Tensor:
  return torch.to(torch.view_copy(torch.clone(torch.slice(x, 1, at, at + 2)), dtype=5), 6)

# Bytes [start, end) as signed integers.
def signed(x: Tensor, start: int, end: int) -> Tensor:
  return torch.view_copy(torch.clone(torch.slice(x, 1, start, end)), dtype=1)

# Bytes (N, G, 1, B) shifted right by 0, step, ... (count of them) -> (N, G, count, B)
def shifted(x: Tensor, groups: int, step: int, count: int) -> Tensor:
  n = torch.size(x, 0)
  shifts = torch.reshape(torch.mul(torch.arange(count, dtype=0, device=ops.prim.device(x)), step), [1, 1, count, 1])
  return torch.bitwise_right_shift(torch.reshape(x, [n, groups, 1, -1]), shifts)

# The low `bits` of bytes.
def low(x: Tensor, bits: int) -> Tensor:
  return torch.bitwise_and(x, (1 << bits) - 1)

def blocks(codes: Tensor, type: int) -> Tensor:
  y = codes
  if torch.eq(type, 2):
    y = __torch__.weights.q4_0(torch.reshape(codes, [-1, 18]))
  if torch.eq(type, 3):
    y = __torch__.weights.q4_1(torch.reshape(codes, [-1, 20]))
  if torch.eq(type, 6):
    y = __torch__.weights.q5_0(torch.reshape(codes, [-1, 22]))
  if torch.eq(type, 7):
    y = __torch__.weights.q5_1(torch.reshape(codes, [-1, 24]))
  if torch.eq(type, 8):
    y = __torch__.weights.q8_0(torch.reshape(codes, [-1, 34]))
  if torch.eq(type, 10):
    y = __torch__.weights.q2_k(torch.reshape(codes, [-1, 84]))
  if torch.eq(type, 11):
    y = __torch__.weights.q3_k(torch.reshape(codes, [-1, 110]))
  if torch.eq(type, 12):
    y = __torch__.weights.q4_k(torch.reshape(codes, [-1, 144]))
  if torch.eq(type, 13):
    y = __torch__.weights.q5_k(torch.reshape(codes, [-1, 176]))
  if torch.eq(type, 14):
    y = __torch__.weights.q6_k(torch.reshape(codes, [-1, 210]))
  if torch.eq(type, 20):
    y = __torch__.weights.iq4_nl(torch.reshape(codes, [-1, 18]))
  if torch.eq(type, 23):
    y = __torch__.weights.iq4_xs(torch.reshape(codes, [-1, 136]))
  return y

# The nibbles of bytes [at, at + 16): the low ones are the first 16 elements. (N, 32), bytes
def nibbles(x: Tensor, at: int) -> Tensor:
  return torch.flatten(__torch__.weights.low(__torch__.weights.shifted(torch.slice(x, 1, at, at + 16), 1, 4, 2), 4), 1)

# Those with a fifth bit from bytes [bits, bits + 4). (N, 32), bytes
def five_bits(x: Tensor, bits: int, at: int) -> Tensor:
  n = torch.size(x, 0)
  ones = torch.reshape(torch.slice(x, 1, bits, bits + 4), [n, 4, 1])
  shifts = torch.arange(8, dtype=0, device=ops.prim.device(x))
  fifth = torch.flatten(__torch__.weights.low(torch.bitwise_right_shift(ones, shifts), 1), 1)
  return torch.bitwise_or(__torch__.weights.nibbles(x, at), torch.mul(fifth, 16))

def q4_0(x: Tensor) -> Tensor:
  return torch.mul(torch.sub(torch.to(__torch__.weights.nibbles(x, 2), 6), 8), __torch__.weights.half(x, 0))

def q4_1(x: Tensor) -> Tensor:
  return torch.add(torch.mul(torch.to(__torch__.weights.nibbles(x, 4), 6), __torch__.weights.half(x, 0)), __torch__.weights.half(x, 2))

def q5_0(x: Tensor) -> Tensor:
  return torch.mul(torch.sub(torch.to(__torch__.weights.five_bits(x, 2, 6), 6), 16), __torch__.weights.half(x, 0))

def q5_1(x: Tensor) -> Tensor:
  return torch.add(torch.mul(torch.to(__torch__.weights.five_bits(x, 4, 8), 6), __torch__.weights.half(x, 0)), __torch__.weights.half(x, 2))

def q8_0(x: Tensor) -> Tensor:
  return torch.mul(torch.to(__torch__.weights.signed(x, 2, 34), 6), __torch__.weights.half(x, 0))

# 16 groups of 16; a group's scale and minimum are the nibbles of a byte.
def q2_k(x: Tensor) -> Tensor:
  n = torch.size(x, 0)
  scales = torch.slice(x, 1, 0, 16)
  scale = torch.mul(torch.to(__torch__.weights.low(scales, 4), 6), __torch__.weights.half(x, 80))
  least = torch.mul(torch.to(torch.bitwise_right_shift(scales, 4), 6), __torch__.weights.half(x, 82))
  q = __torch__.weights.low(__torch__.weights.shifted(torch.slice(x, 1, 16, 80), 2, 2, 4), 2)
  q = torch.to(torch.reshape(q, [n, 16, 16]), 6)
  return torch.flatten(torch.sub(torch.mul(q, torch.unsqueeze(scale, 2)), torch.unsqueeze(least, 2)), 1)

# 16 groups of 16; scales of 6 bits, of which 4 lie in the first 8 bytes and 2 in the last 4.
def q3_k(x: Tensor) -> Tensor:
  n = torch.size(x, 0)
  lower = torch.reshape(__torch__.weights.low(__torch__.weights.shifted(torch.slice(x, 1, 96, 104), 1, 4, 2), 4), [n, 16])
  upper = torch.reshape(__torch__.weights.low(__torch__.weights.shifted(torch.slice(x, 1, 104, 108), 1, 2, 4), 2), [n, 16])
  scale = torch.sub(torch.to(torch.bitwise_or(lower, torch.mul(upper, 16)), 6), 32)
  scale = torch.mul(scale, __torch__.weights.half(x, 108))
  q = torch.reshape(__torch__.weights.low(__torch__.weights.shifted(torch.slice(x, 1, 32, 96), 2, 2, 4), 2), [n, 16, 16])
  third = torch.reshape(__torch__.weights.low(__torch__.weights.shifted(torch.slice(x, 1, 0, 32), 1, 1, 8), 1), [n, 16, 16])
  value = torch.sub(torch.add(torch.to(q, 6), torch.mul(torch.to(third, 6), 4)), 4)
  return torch.flatten(torch.mul(value, torch.unsqueeze(scale, 2)), 1)

# Scales of 8 groups, 6 bits each, of 12 bytes from `at` on; (N, 8), float32
def scales(x: Tensor, at: int) -> Tensor:
  first = torch.slice(x, 1, at, at + 4)
  last = torch.slice(x, 1, at + 8, at + 12)
  upper = torch.bitwise_or(__torch__.weights.low(last, 4), torch.mul(torch.bitwise_right_shift(first, 6), 16))
  return torch.to(torch.cat([__torch__.weights.low(first, 6), upper], 1), 6)

# Their minima.
def minima(x: Tensor, at: int) -> Tensor:
  middle = torch.slice(x, 1, at + 4, at + 8)
  last = torch.slice(x, 1, at + 8, at + 12)
  upper = torch.bitwise_or(torch.bitwise_right_shift(last, 4), torch.mul(torch.bitwise_right_shift(middle, 6), 16))
  return torch.to(torch.cat([__torch__.weights.low(middle, 6), upper], 1), 6)

# q (N, 8, 32), bytes: 8 groups with scale and minimum
def grouped(x: Tensor, q: Tensor) -> Tensor:
  scale = torch.mul(__torch__.weights.scales(x, 4), __torch__.weights.half(x, 0))
  least = torch.mul(__torch__.weights.minima(x, 4), __torch__.weights.half(x, 2))
  return torch.flatten(torch.sub(torch.mul(torch.to(q, 6), torch.unsqueeze(scale, 2)), torch.unsqueeze(least, 2)), 1)

def q4_k(x: Tensor) -> Tensor:
  q = __torch__.weights.low(__torch__.weights.shifted(torch.slice(x, 1, 16, 144), 4, 4, 2), 4)
  return __torch__.weights.grouped(x, torch.reshape(q, [-1, 8, 32]))

def q5_k(x: Tensor) -> Tensor:
  q = torch.reshape(__torch__.weights.low(__torch__.weights.shifted(torch.slice(x, 1, 48, 176), 4, 4, 2), 4), [-1, 8, 32])
  fifth = torch.reshape(__torch__.weights.low(__torch__.weights.shifted(torch.slice(x, 1, 16, 48), 1, 1, 8), 1), [-1, 8, 32])
  return __torch__.weights.grouped(x, torch.bitwise_or(q, torch.mul(fifth, 16)))

# 16 groups of 16 with signed scales of 8 bits.
def q6_k(x: Tensor) -> Tensor:
  n = torch.size(x, 0)
  lower = torch.reshape(__torch__.weights.low(__torch__.weights.shifted(torch.slice(x, 1, 0, 128), 2, 4, 2), 4), [n, 256])
  upper = torch.reshape(__torch__.weights.low(__torch__.weights.shifted(torch.slice(x, 1, 128, 192), 2, 2, 4), 2), [n, 256])
  q = torch.sub(torch.to(torch.bitwise_or(lower, torch.mul(upper, 16)), 6), 32)
  scale = torch.mul(torch.to(__torch__.weights.signed(x, 192, 208), 6), __torch__.weights.half(x, 208))
  return torch.flatten(torch.mul(torch.reshape(q, [n, 16, 16]), torch.unsqueeze(scale, 2)), 1)

# Codes of 4 bits that stand for unevenly spaced numbers.
def uneven(q: Tensor) -> Tensor:
  values = torch.tensor([-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113], dtype=6, device=ops.prim.device(q))
  return torch.reshape(torch.index_select(values, 0, torch.flatten(torch.to(q, 4))), torch.size(q))

def iq4_nl(x: Tensor) -> Tensor:
  return torch.mul(__torch__.weights.uneven(__torch__.weights.nibbles(x, 2)), __torch__.weights.half(x, 0))

# 8 groups of 32; scales of 6 bits, of which 2 lie in bytes 2 and 3 and 4 in the next four.
def iq4_xs(x: Tensor) -> Tensor:
  n = torch.size(x, 0)
  lower = torch.reshape(torch.transpose(__torch__.weights.low(__torch__.weights.shifted(torch.slice(x, 1, 4, 8), 1, 4, 2), 4), 2, 3), [n, 8])
  upper = torch.reshape(torch.transpose(__torch__.weights.low(__torch__.weights.shifted(torch.slice(x, 1, 2, 4), 1, 2, 4), 2), 2, 3), [n, 8])
  scale = torch.sub(torch.to(torch.bitwise_or(lower, torch.mul(upper, 16)), 6), 32)
  scale = torch.mul(scale, __torch__.weights.half(x, 0))
  q = __torch__.weights.low(__torch__.weights.shifted(torch.slice(x, 1, 8, 136), 8, 4, 2), 4)
  return torch.flatten(torch.mul(torch.reshape(__torch__.weights.uneven(q), [n, 8, 32]), torch.unsqueeze(scale, 2)), 1)

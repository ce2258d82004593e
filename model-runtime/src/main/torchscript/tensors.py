# Conversions that DJL's own tensors lack, in the dialect of serialised TorchScript. Types by ATen's number.
class Tensors(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def convert(self, x: Tensor, dtype: int) -> Tensor:
    return torch.to(x, dtype)

  # Rows of bfloat16 that were mapped as float16, since DJL knows no bfloat16.
  def convert_bfloat16(self, x: Tensor, dtype: int) -> Tensor:
    return torch.to(torch.view_copy(x, dtype=15), dtype)

  def numbers(self, w: Dict[str, Tensor], p: str, shape: List[int], dtype: int) -> Tensor:
    return torch.to(torch.reshape(__torch__.weights.numbers(w, p), shape), dtype)

  # The steps of the rows of a matrix, (O), float64: its largest number is 127 of them.
  def step(self, x: Tensor) -> Tensor:
    return torch.clamp_min(torch.div(torch.to(torch.amax(torch.abs(x), [1]), 7), 127.0), 1e-12)

  # The matrix in steps, rounded to 8-bit integers.
  def int8(self, x: Tensor, step: Tensor) -> Tensor:
    return torch.to(torch.round(torch.div(torch.to(x, 7), torch.unsqueeze(step, 1))), 1)

  # x times a factor, in float32.
  def scaled(self, x: Tensor, factor: float) -> Tensor:
    return torch.mul(torch.to(x, 6), factor)

  # A weight and what is added to it, in the weight's type.
  def sum(self, x: Tensor, y: Tensor) -> Tensor:
    return torch.type_as(torch.add(torch.to(x, 6), y), x)

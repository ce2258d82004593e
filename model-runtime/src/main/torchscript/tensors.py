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

  # x times a factor, in float32.
  def scaled(self, x: Tensor, factor: float) -> Tensor:
    return torch.mul(torch.to(x, 6), factor)

  # A weight and what is added to it, in the weight's type.
  def sum(self, x: Tensor, y: Tensor) -> Tensor:
    return torch.type_as(torch.add(torch.to(x, 6), y), x)

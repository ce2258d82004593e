# CLIPVisionModel in the dialect of serialised TorchScript, up to its last layer but one. Shapes: S the picture's side,
# P the patch's, N = (S/P)^2 + 1 tokens, D width, H heads.
class Encoder(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def linear(self, x: Tensor, w: Dict[str, Tensor], p: str) -> Tensor:
    return __torch__.kernels.linear(x, w[p + ".weight"], w[p + ".bias"])

  def norm(self, x: Tensor, w: Dict[str, Tensor], p: str, eps: float) -> Tensor:
    return __torch__.kernels.layer_norm(x, w[p + ".weight"], w[p + ".bias"], eps)

  def heads(self, x: Tensor, n: int) -> Tensor:
    return torch.transpose(torch.unflatten(x, 2, [n, -1]), 1, 2)

  # As Pillow resizes: bicubic, filtered against aliasing, the result in whole values.
  def resized(self, x: Tensor, height: int, width: int) -> Tensor:
    return torch.clamp(torch.round(torch._upsample_bicubic2d_aa(x, [height, width], False, None, None)), 0, 255)

  # Pictures (B, 3, H, W) of values from 0 to 255, resized so that the shorter side is S, first the rows and then the columns,
  # cut to the middle and normalised: (B, 3, S, S). mean, std: (1, 3, 1, 1).
  def pixels(self, picture: Tensor, height: int, width: int, side: int, mean: Tensor, std: Tensor) -> Tensor:
    x = self.resized(self.resized(picture, torch.size(picture, 2), width), height, width)
    top = torch.floordiv(height - side, 2)
    left = torch.floordiv(width - side, 2)
    x = torch.slice(torch.slice(x, 2, top, top + side), 3, left, left + side)
    return torch.div(torch.sub(torch.div(x, 255.0), mean), std)

  def layer(self, x: Tensor, w: Dict[str, Tensor], p: str, n: int, eps: float) -> Tensor:
    y = self.norm(x, w, p + ".layer_norm1", eps)
    q = self.heads(self.linear(y, w, p + ".self_attn.q_proj"), n)
    k = self.heads(self.linear(y, w, p + ".self_attn.k_proj"), n)
    v = self.heads(self.linear(y, w, p + ".self_attn.v_proj"), n)
    y = __torch__.kernels.attention(q, k, v, None, None)
    x = torch.add(x, self.linear(torch.flatten(torch.transpose(y, 1, 2), 2), w, p + ".self_attn.out_proj"))
    y = self.norm(x, w, p + ".layer_norm2", eps)
    return torch.add(x, self.linear(torch.gelu(self.linear(y, w, p + ".mlp.fc1"), approximate="none"), w, p + ".mlp.fc2"))

  # (B, 3, S, S) -> (B, N, D), the output of layer number `layers`; the class token stands first.
  def forward(self, pixels: Tensor, side: int, patch: int, layers: int, n: int, eps: float, w: Dict[str, Tensor]) -> Tensor:
    batch = torch.size(pixels, 0)
    rows = torch.floordiv(side, patch)
    x = torch.reshape(pixels, [batch, 3, rows, patch, rows, patch])
    x = torch.flatten(torch.flatten(torch.permute(x, [0, 2, 4, 1, 3, 5]), 3), 1, 2)
    x = __torch__.kernels.linear(x, torch.flatten(w["embeddings.patch_embedding.weight"], 1), None)
    first = torch.expand(torch.reshape(w["embeddings.class_embedding"], [1, 1, -1]), [batch, -1, -1])
    x = torch.add(torch.cat([first, x], 1), w["embeddings.position_embedding.weight"])
    x = self.norm(x, w, "pre_layrnorm", eps)
    for i in range(layers):
      x = self.layer(x, w, "encoder.layers." + str(i), n, eps)
    return x

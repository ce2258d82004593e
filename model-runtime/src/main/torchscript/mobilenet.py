# MobileNet v2 for pictures of 224 x 224 in the dialect of serialised TorchScript. Batch norms are folded into factors and biases.
# Names of layers are those of Keras.
class Classifier(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # What a layer gives, by a factor and a bias for each channel: its weights are whole numbers.
  def scaled(self, y: Tensor, w: Dict[str, Tensor], p: str) -> Tensor:
    return torch.addcmul(w[p + ".bias"], y, w[p + ".factor"])

  def no_bias(self, w: Dict[str, Tensor], p: str) -> Tensor:
    return torch.zeros_like(torch.flatten(w[p + ".bias"]))

  def convolution(self, x: Tensor, w: Dict[str, Tensor], p: str, stride: int) -> Tensor:
    y = __torch__.kernels.convolution(x, w[p + ".weight"], self.no_bias(w, p), [stride, stride], [0, 0])
    return self.scaled(y, w, p)

  # A filter of 3 x 3 for each channel. Keras pads below and on the right alone if the stride is 2.
  def depthwise(self, x: Tensor, w: Dict[str, Tensor], p: str, stride: int) -> Tensor:
    x = self.padded(x, stride)
    channels = torch.size(x, 1)
    y = torch.mkldnn_convolution(x, w[p + ".weight"], self.no_bias(w, p), [0, 0], [stride, stride], [1, 1], channels)
    return self.scaled(y, w, p)

  def linear(self, x: Tensor, w: Dict[str, Tensor], p: str) -> Tensor:
    return self.scaled(__torch__.kernels.linear(x, w[p + ".weight"], None), w, p)

  def padded(self, x: Tensor, stride: int) -> Tensor:
    before = 2 - stride
    return torch.constant_pad_nd(x, [before, 1, before, 1], 0)

  def relu6(self, x: Tensor) -> Tensor:
    return torch.clamp(x, 0, 6)

  # Channels become more (but in the first block), are filtered each on its own, and become few.
  def block(self, x: Tensor, w: Dict[str, Tensor], p: str, stride: int, expands: bool) -> Tensor:
    y = x
    if expands:
      y = self.relu6(self.convolution(y, w, p + "_expand", 1))
    y = self.relu6(self.depthwise(y, w, p + "_depthwise", stride))
    y = self.convolution(y, w, p + "_project", 1)
    if torch.eq(stride, 1) and torch.eq(torch.size(x, 1), torch.size(y, 1)):
      y = torch.add(x, y)
    return y

  # A picture (H, W, 3) of bytes -> (1, 3, side, side) of values from 0 to 1, stretched to the square.
  def pixels(self, picture: Tensor, side: int) -> Tensor:
    x = torch.unsqueeze(torch.permute(torch.to(picture, 6), [2, 0, 1]), 0)
    return torch.div(torch._upsample_bilinear2d_aa(x, [side, side], False, None, None), 255.0)

  # (H, W, 3) -> (classes), probabilities. strides: of the blocks behind the first one.
  def forward(self, picture: Tensor, side: int, strides: List[int], w: Dict[str, Tensor]) -> Tensor:
    x = self.padded(self.pixels(picture, side), 2)
    x = self.relu6(self.convolution(x, w, "Conv1", 2))
    x = self.block(x, w, "expanded_conv", 1, False)
    for i in range(torch.len(strides)):
      x = self.block(x, w, "block_" + str(i + 1), strides[i], True)
    x = self.relu6(self.convolution(x, w, "Conv_1", 1))
    x = torch.mean(x, [2, 3], False)
    x = torch.relu(self.linear(x, w, "dense_1"))
    x = torch.relu(self.linear(x, w, "dense_2"))
    return torch.flatten(torch.softmax(self.linear(x, w, "dense_3"), 1))

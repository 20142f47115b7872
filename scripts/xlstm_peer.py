"""The slot encoders of the published configuration with the Python package xlstm (arXiv:2405.04517).

    xlstm_peer.py make FOLDER      random weights and turns into FOLDER, their output beside them;
                                   prints minimum and median processor time in milliseconds
    xlstm_peer.py compare FOLDER   the largest difference from FOLDER/swift.safetensors

scripts/bench-model.py calls it.
"""

import pathlib
import statistics
import sys
import time

import torch
from safetensors.torch import load_file, save_file
from xlstm import mLSTMBlockConfig, mLSTMLayerConfig, xLSTMBlockStack, xLSTMBlockStackConfig

SLOTS, TURNS, STEPS, WIDTH, BLOCKS, REPEATS = 12, 20, 16, 512, 8, 5
OURS = {
    "xlstm_norm.weight": "norm", "xlstm.learnable_skip": "skip", "xlstm.proj_up.weight": "up",
    "xlstm.q_proj.weight": "q", "xlstm.k_proj.weight": "k", "xlstm.v_proj.weight": "v",
    "xlstm.conv1d.conv.weight": "conv.weight", "xlstm.conv1d.conv.bias": "conv.bias",
    "xlstm.mlstm_cell.igate.weight": "input.weight", "xlstm.mlstm_cell.igate.bias": "input.bias",
    "xlstm.mlstm_cell.fgate.weight": "forget.weight", "xlstm.mlstm_cell.fgate.bias": "forget.bias",
    "xlstm.mlstm_cell.outnorm.weight": "outnorm", "xlstm.proj_down.weight": "down",
}


class SlotEncoder(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(WIDTH // STEPS, WIDTH)
        layer = mLSTMLayerConfig(
            conv1d_kernel_size=4, qkv_proj_blocksize=4, num_heads=4, proj_factor=2.0)
        self.stack = xLSTMBlockStack(xLSTMBlockStackConfig(
            mlstm_block=mLSTMBlockConfig(mlstm=layer), context_length=STEPS, num_blocks=BLOCKS,
            embedding_dim=WIDTH, add_post_blocks_norm=True, dropout=0.0))

    def forward(self, turns):
        steps = turns.reshape(len(turns), STEPS, WIDTH // STEPS)
        return self.stack(self.linear(steps))[:, -1]

    def tensors(self):
        named = dict(self.stack.named_parameters())
        tensors = {
            "weight": self.linear.weight, "bias": self.linear.bias,
            "norm": named["post_blocks_norm.weight"]}
        for block in range(BLOCKS):
            for theirs, ours in OURS.items():
                tensor = named[f"blocks.{block}.{theirs}"]
                rows = 1 if tensor.dim() == 1 else tensor.numel() // tensor.shape[-1]
                tensors[f"blocks.{block}.{ours}"] = tensor.reshape(rows, -1)
        return {name: tensor.detach().contiguous() for name, tensor in tensors.items()}


def make(folder):
    torch.manual_seed(1)
    slots = [SlotEncoder().eval() for _ in range(SLOTS)]
    for slot in slots:
        for name, parameter in slot.named_parameters():
            # Gates that depend on what they see, so that an error in them would show.
            if "gate.weight" in name:
                torch.nn.init.normal_(parameter, std=0.02)
    turns = [torch.nn.functional.normalize(torch.randn(TURNS, WIDTH), dim=1) for _ in slots]
    with torch.inference_mode():
        outputs = [slot(x) for slot, x in zip(slots, turns)]
        times = []
        for _ in range(REPEATS):
            begin = time.process_time()
            for slot, x in zip(slots, turns):
                slot(x)
            times.append((time.process_time() - begin) * 1000)
    for place, (slot, x) in enumerate(zip(slots, turns)):
        save_file({**slot.tensors(), "x": x}, folder / f"{place}.safetensors")
    save_file({str(i): o.contiguous() for i, o in enumerate(outputs)}, folder / "peer.safetensors")
    print(min(times), statistics.median(times))


def compare(folder):
    ours, theirs = load_file(folder / "swift.safetensors"), load_file(folder / "peer.safetensors")
    print(max((ours[name] - theirs[name]).abs().max().item() for name in theirs))


if __name__ == "__main__":
    torch.set_num_threads(1)
    {"make": make, "compare": compare}[sys.argv[1]](pathlib.Path(sys.argv[2]))

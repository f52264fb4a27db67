#!/usr/bin/env python3
"""Makes Tests/AttentionTrainingTests/Fixtures/detection.safetensors: assignments as scipy makes them, overlaps of boxes, focal losses, and the
losses of DETR and of Deformable DETR as transformers computes them, in double precision, with gradients.

    python3 scripts/make-detection-fixtures.py        (scipy, torch, transformers, safetensors)
"""
import os, torch
from safetensors.torch import save_file
from scipy.optimize import linear_sum_assignment
from transformers import DetrConfig
from transformers.loss.loss_deformable_detr import DeformableDetrHungarianMatcher, DeformableDetrImageLoss
from transformers.loss.loss_for_object_detection import ForObjectDetectionLoss, generalized_box_iou, sigmoid_focal_loss

torch.manual_seed(7)
tensors = {}
for index, (rows, columns) in enumerate([(1, 1), (3, 3), (4, 7), (7, 4), (9, 9), (12, 30), (30, 12), (25, 25)]):
    costs = torch.randn(rows, columns, dtype=torch.float64).float()
    found = torch.full((rows,), -1, dtype=torch.int64)
    for row, column in zip(*linear_sum_assignment(costs.numpy())):
        found[int(row)] = int(column)
    tensors |= {f"assignment.{index}.costs": costs, f"assignment.{index}.columns": found}

corners = torch.rand(2, 20, 2) * 4
corners = torch.cat([corners, corners + torch.rand(2, 20, 2) * 3 + 0.01], -1).double().requires_grad_()
overlaps = torch.diagonal(generalized_box_iou(corners[0], corners[1]))
(overlaps * torch.linspace(1, 2, 20)).sum().backward()
tensors |= {"overlap.boxes": corners.detach(), "overlap.generalized": overlaps.detach(), "overlap.gradient": corners.grad}

logits = (torch.randn(6, 5, dtype=torch.float64) * 3).requires_grad_()
classes = torch.tensor([0, -1, 4, 2, 2, -1])
targets = torch.zeros(6, 5, dtype=torch.float64)
for row, label in enumerate(classes.tolist()):
    if label >= 0:
        targets[row, label] = 1
# The reference divides by the number of classes and of boxes; here the sum is wanted.
loss = sigmoid_focal_loss(logits, targets, num_boxes=1) * 5
loss.backward()
tensors |= {"focal.logits": logits.detach(), "focal.targets": classes, "focal.loss": loss.detach(), "focal.gradient": logits.grad}

torch.set_default_dtype(torch.float64)
config = DetrConfig(num_labels=4, num_queries=7, use_timm_backbone=False, use_pretrained_backbone=False)
logits = torch.randn(3, 7, 5, dtype=torch.float64, requires_grad=True)
raw = torch.randn(3, 7, 4, dtype=torch.float64, requires_grad=True)
labels, count = [], 0
for row, number in enumerate((3, 0, 5)):
    centres, sizes = 0.25 + 0.5 * torch.rand(number, 2), 0.05 + 0.4 * torch.rand(number, 2)
    labels.append(dict(class_labels=torch.randint(0, 4, (number,)), boxes=torch.cat([centres, sizes], -1).double()))
    tensors |= {f"set.classes.{row}": labels[row]["class_labels"], f"set.boxes.{row}": labels[row]["boxes"]}
loss, parts, _ = ForObjectDetectionLoss(logits, labels, "cpu", raw.sigmoid(), config)
loss.backward()
tensors |= {"set.logits": logits.detach(), "set.raw": raw.detach(), "set.loss": loss.detach(), "set.logits.gradient": logits.grad, "set.raw.gradient": raw.grad}
tensors |= {f"set.{name}": parts[name].detach() for name in ("loss_ce", "loss_bbox", "loss_giou")}

# The same objects, told by four classes without one of nothing; the reference divides by the number of objects.
logits = (2 * torch.randn(3, 7, 4, dtype=torch.float64)).requires_grad_()
raw = torch.randn(3, 7, 4, dtype=torch.float64, requires_grad=True)
matcher = DeformableDetrHungarianMatcher(class_cost=2, bbox_cost=5, giou_cost=2)
criterion = DeformableDetrImageLoss(matcher, 4, 0.25, ["labels", "boxes"])
outputs = dict(logits=logits, pred_boxes=raw.sigmoid())
parts = {name: 8 * value for name, value in criterion(outputs, labels).items()}
loss = 2 * parts["loss_ce"] + 5 * parts["loss_bbox"] + 2 * parts["loss_giou"]
loss.backward()
for row, (queries, objects) in enumerate(matcher(outputs, labels)):
    matches = torch.zeros(len(objects), dtype=torch.int64)
    matches[objects] = queries
    tensors[f"focal_set.matches.{row}"] = matches
tensors |= {"focal_set.logits": logits.detach(), "focal_set.raw": raw.detach(), "focal_set.loss": loss.detach()}
tensors |= {"focal_set.logits.gradient": logits.grad, "focal_set.raw.gradient": raw.grad}
tensors |= {f"focal_set.{name}": parts[name].detach() for name in ("loss_ce", "loss_bbox", "loss_giou")}
folder = os.path.join(os.path.dirname(__file__), "..", "Tests", "AttentionTrainingTests", "Fixtures")
save_file({name: (value.float() if value.is_floating_point() else value).contiguous() for name, value in tensors.items()},
          os.path.join(folder, "detection.safetensors"))

from generation.models.batch import BatchItem, RetouchBatch
from generation.models.credits import CreditAccount, CreditCharge, CreditPlan
from generation.models.job import GenerationJob, Slot
from generation.models.retouch import Canvas, RetouchPreset, Version
from generation.models.tagging import TagReading, TagWord
from generation.models.template import OrderPreset, PromptTemplate
from generation.models.worker import Worker

__all__ = [
    "BatchItem",
    "Canvas",
    "CreditAccount",
    "CreditCharge",
    "CreditPlan",
    "GenerationJob",
    "OrderPreset",
    "PromptTemplate",
    "RetouchBatch",
    "RetouchPreset",
    "Slot",
    "TagReading",
    "TagWord",
    "Version",
    "Worker",
]

from generation.models.batch import BatchItem, RetouchBatch
from generation.models.canvas import Canvas
from generation.models.credits import CreditAccount, CreditCharge, CreditPlan
from generation.models.host_event import HostEvent
from generation.models.job import GenerationJob
from generation.models.preset import RetouchPreset
from generation.models.slot import Slot
from generation.models.tagging import TagReading, TagWord
from generation.models.template import PromptTemplate
from generation.models.version import Version
from generation.models.worker import Worker

__all__ = [
    "BatchItem",
    "Canvas",
    "CreditAccount",
    "CreditCharge",
    "CreditPlan",
    "GenerationJob",
    "HostEvent",
    "PromptTemplate",
    "RetouchBatch",
    "RetouchPreset",
    "Slot",
    "TagReading",
    "TagWord",
    "Version",
    "Worker",
]

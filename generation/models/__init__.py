from generation.models.host_event import HostEvent
from generation.models.job import GenerationJob
from generation.models.slot import Slot
from generation.models.template import PromptTemplate
from generation.models.worker import Worker

__all__ = ["GenerationJob", "HostEvent", "PromptTemplate", "Slot", "Worker"]

"""The routes of batches."""

from django.urls import path

from curation.api.retouch import batch_files, batches

HOME = "curation/retouch/batches"
BATCH = f"{HOME}/<uuid:pk>"
routes = [
    path(HOME, batches.BatchesView.as_view(), name="api-batches"),
    path(f"{HOME}/candidates", batches.CandidatesView.as_view(), name="api-batch-candidates"),
    path(f"{HOME}/recipe", batches.CheckRecipeView.as_view(), name="api-batch-recipe"),
    path(BATCH, batches.BatchView.as_view(), name="api-batch"),
    path(f"{BATCH}/items", batches.BatchItemsView.as_view(), name="api-batch-items"),
    path(f"{BATCH}/preview", batches.PreviewBatchView.as_view(), name="api-batch-preview"),
    path(f"{BATCH}/run", batches.RunBatchView.as_view(), name="api-batch-run"),
    path(f"{BATCH}/report", batch_files.BatchReportView.as_view(), name="api-batch-report"),
    path(f"{BATCH}/report.csv", batch_files.BatchTableView.as_view(), name="api-batch-table"),
    *(
        path(f"{BATCH}/items/<id:number>/{which}", batch_files.BatchPictureView.as_view(), {"which": which}, name=name)
        for which, name in (("before", "api-batch-before"), ("after", "api-batch-after"))
    ),
    *(
        path(f"{BATCH}/{verb}", batches.SteerBatchView.as_view(verb=verb), name=f"api-batch-{verb}")
        for verb in batches.STEERING
    ),
]

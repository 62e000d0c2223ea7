"""EventBridge Scheduler: one-time schedules that call SageMaker, such as the deletion of an endpoint."""

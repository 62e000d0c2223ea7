"""The members of CreateTrainingJob and CreateHyperParameterTuningJob, and the structures in them.

Source: botocore 1.44.8, sagemaker/2017-07-24/service-2.json.
"""

from __future__ import annotations

from collections.abc import Mapping

REQUEST_MEMBERS = (
    "TrainingJobName",
    "HyperParameters",
    "AlgorithmSpecification",
    "RoleArn",
    "InputDataConfig",
    "OutputDataConfig",
    "ResourceConfig",
    "VpcConfig",
    "StoppingCondition",
    "Tags",
    "EnableNetworkIsolation",
    "EnableInterContainerTrafficEncryption",
    "EnableManagedSpotTraining",
    "CheckpointConfig",
    "DebugHookConfig",
    "DebugRuleConfigurations",
    "TensorBoardOutputConfig",
    "ExperimentConfig",
    "ProfilerConfig",
    "ProfilerRuleConfigurations",
    "Environment",
    "RetryStrategy",
    "RemoteDebugConfig",
    "InfraCheckConfig",
    "SessionChainingConfig",
    "ServerlessJobConfig",
    "MlflowConfig",
    "ModelPackageConfig",
)
"""Members of the request, in the API's order."""

STRUCTURES: Mapping[str, str] = {
    "AlgorithmSpecification": "AlgorithmSpecification",
    "MetricDefinitions": "MetricDefinition",
    "TrainingImageConfig": "TrainingImageConfig",
    "TrainingRepositoryAuthConfig": "TrainingRepositoryAuthConfig",
    "InputDataConfig": "Channel",
    "DataSource": "DataSource",
    "S3DataSource": "S3DataSource",
    "ModelAccessConfig": "ModelAccessConfig",
    "HubAccessConfig": "HubAccessConfig",
    "FileSystemDataSource": "FileSystemDataSource",
    "DatasetSource": "DatasetSource",
    "ShuffleConfig": "ShuffleConfig",
    "OutputDataConfig": "OutputDataConfig",
    "ResourceConfig": "ResourceConfig",
    "InstanceGroups": "InstanceGroup",
    "InstancePlacementConfig": "InstancePlacementConfig",
    "PlacementSpecifications": "PlacementSpecification",
    "InstancePreferences": "InstancePreference",
    "VpcConfig": "VpcConfig",
    "StoppingCondition": "StoppingCondition",
    "Tags": "Tag",
    "CheckpointConfig": "CheckpointConfig",
    "DebugHookConfig": "DebugHookConfig",
    "CollectionConfigurations": "CollectionConfiguration",
    "DebugRuleConfigurations": "DebugRuleConfiguration",
    "TensorBoardOutputConfig": "TensorBoardOutputConfig",
    "ExperimentConfig": "ExperimentConfig",
    "ProfilerConfig": "ProfilerConfig",
    "ProfilerRuleConfigurations": "ProfilerRuleConfiguration",
    "RetryStrategy": "RetryStrategy",
    "RemoteDebugConfig": "RemoteDebugConfig",
    "InfraCheckConfig": "InfraCheckConfig",
    "SessionChainingConfig": "SessionChainingConfig",
    "ServerlessJobConfig": "ServerlessJobConfig",
    "MlflowConfig": "MlflowConfig",
    "ModelPackageConfig": "ModelPackageConfig",
}
"""Members with a structure or a list of structures -> the structure's name. Others have plain values or maps."""

TUNING_MEMBERS = (
    "HyperParameterTuningJobName",
    "HyperParameterTuningJobConfig",
    "TrainingJobDefinition",
    "TrainingJobDefinitions",
    "WarmStartConfig",
    "Tags",
    "Autotune",
)
"""Members of CreateHyperParameterTuningJobRequest, in the API's order."""

TUNING_STRUCTURES: Mapping[str, str] = {
    **{
        name: STRUCTURES[name]
        for name in (
            "MetricDefinitions",
            "InputDataConfig",
            "DataSource",
            "S3DataSource",
            "ModelAccessConfig",
            "HubAccessConfig",
            "FileSystemDataSource",
            "DatasetSource",
            "ShuffleConfig",
            "OutputDataConfig",
            "ResourceConfig",
            "InstanceGroups",
            "InstancePlacementConfig",
            "PlacementSpecifications",
            "InstancePreferences",
            "VpcConfig",
            "StoppingCondition",
            "Tags",
            "CheckpointConfig",
            "RetryStrategy",
        )
    },
    "HyperParameterTuningJobConfig": "HyperParameterTuningJobConfig",
    "StrategyConfig": "HyperParameterTuningJobStrategyConfig",
    "HyperbandStrategyConfig": "HyperbandStrategyConfig",
    "HyperParameterTuningJobObjective": "HyperParameterTuningJobObjective",
    "ResourceLimits": "ResourceLimits",
    "ParameterRanges": "ParameterRanges",
    "IntegerParameterRanges": "IntegerParameterRange",
    "ContinuousParameterRanges": "ContinuousParameterRange",
    "CategoricalParameterRanges": "CategoricalParameterRange",
    "AutoParameters": "AutoParameter",
    "TuningJobCompletionCriteria": "TuningJobCompletionCriteria",
    "BestObjectiveNotImproving": "BestObjectiveNotImproving",
    "ConvergenceDetected": "ConvergenceDetected",
    "TrainingJobDefinition": "HyperParameterTrainingJobDefinition",
    "TrainingJobDefinitions": "HyperParameterTrainingJobDefinition",
    "TuningObjective": "HyperParameterTuningJobObjective",
    "HyperParameterRanges": "ParameterRanges",
    "AlgorithmSpecification": "HyperParameterAlgorithmSpecification",
    "HyperParameterTuningResourceConfig": "HyperParameterTuningResourceConfig",
    "InstanceConfigs": "HyperParameterTuningInstanceConfig",
    "WarmStartConfig": "HyperParameterTuningJobWarmStartConfig",
    "ParentHyperParameterTuningJobs": "ParentHyperParameterTuningJob",
    "Autotune": "Autotune",
}
"""The same for tuning jobs, whose trials have an AlgorithmSpecification of their own."""

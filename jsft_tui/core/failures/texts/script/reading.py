"""List the texts of the libraries that read the dataset: pandas, Arrow, Pillow, TensorFlow, LightGBM, CatBoost.

Sources: the libraries' own messages, and the issue threads aws/amazon-sagemaker-examples 1618, tloen/alpaca-lora 239,
lightgbm-org/LightGBM 1306 and 2486, dmlc/xgboost 1343.
"""

from __future__ import annotations

from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.failures.diagnosis import FailurePattern, known
from jsft_tui.core.failures.origin import Origin

_ORIGINS = frozenset({Origin.SCRIPT, Origin.UNKNOWN})


def _reader(pattern: str, cause: str, origins: frozenset[Origin] = _ORIGINS) -> FailurePattern:
    return known(
        pattern,
        "Dataset",
        cause,
        Remedy("Validate it", RemedyCommand.LINT, "MODEL", "URI"),
        origins=origins,
    )


PATTERNS = (
    _reader(
        r"ParserError|Error tokenizing data|EmptyDataError|No columns to parse|could not convert string to float|"
        r"Expected \d+ fields (?:in|,)|Usecols do not match|Length mismatch: Expected axis|csv\.Error|"
        r"invalid literal for int\(\) with base 10|cannot convert float NaN to integer|"
        r"Missing optional dependency '(?:openpyxl|xlrd)'|Excel file format cannot be determined|"
        r"Unable to parse string|Integer column has NA|Cannot convert non-finite|positional indexer is out-of-bounds|"
        r"DTypePromotionError|DateParseError|too many dimensions 'str'|Unable to parse csv|"
        r"No objects to concatenate|Parquet magic bytes not found|"
        r"not supported between instances of '(?:str|float|int)' and '(?:str|float|int)'",
        "The training script could not read the table: its rows or values are not what pandas expects.",
    ),
    _reader(
        r"ArrowInvalid|ArrowTypeError|ArrowNotImplementedError|JSON parse error|DatasetGeneration\w*Error|CastError|"
        r"Couldn't cast|changed from \w+ to \w+ in row|JSONDecodeError|Unexpected UTF-8 BOM|"
        r"All the data files must have the same columns|text input must be? of type|"
        r"Text(?:Encode)?Input(?:Sequence)? must be|"
        r"Expecting (?:value|property name|',' delimiter|':' delimiter)[^\n]{0,40}: line|"
        r"should be a csv or (?:a )?json file|"
        r"Unable to create tensor, you should probably activate truncation|"
        r"Column '[^'\n]{0,80}' doesn't exist|not in the dataset\. Current columns|out of range for dataset of size|"
        r"ValueError: (?:Trailing data|Expected object or value)|string indices must be integers|"
        r"Cannot find valid samples|does not match any expected format|'dict object' has no attribute",
        "The training script could not read the JSON lines: they are malformed, or their keys or types differ.",
    ),
    # transformers' chat templates, and the keys that AWS's pages ask for.
    _reader(
        r"[Cc]onversation roles must alternate|Only (?:user|system)[^\n]{0,60} roles are supported|"
        r"KeyError: \\*['\"](?:instruction|context|response|prompt|completion|dialog|messages|conversations|role|"
        r"content|text|image|label|image_path|class|file_name|image_id|bbox|category_id|annotations|images|instance_prompt|questions?|answers?|chosen|"
        r"rejected|reward_model|ground_truth|data_source|ability|query|input|output|system|target)\\*['\"]|"
        r"(?:template|prompt)[^\n]{0,80}(?:missing|lacks?) (?:the )?(?:keys?|fields?)|"
        r"[Mm]issing (?:keys?|fields?) in (?:the )?template",
        "The lines of the dataset lack a key, or its dialogs are not in turn.",
    ),
    # pandas reads an empty text as NaN, a float.
    _reader(
        r"'(?:float|NoneType|int)' object has no attribute '(?:split|strip|lower|encode|replace|startswith)'|"
        r"expected string or bytes-like object|can only concatenate str \(not|expected str instance, \w+ found|"
        r"unsupported operand type\(s\) for \+: '(?:str|float|NoneType|int)' and '(?:str|float|NoneType|int)'",
        "A text of the dataset is missing, or is a number.",
    ),
    _reader(
        r"BadZipFile|BadGzipFile|not a (?:zip|gzipped) file|Compressed file ended before",
        "A file of the dataset is compressed, or only named as if it were, or it is cut off.",
    ),
    _reader(
        r"Unicode(?:Decode)?Error|codec can't decode|invalid (?:continuation|start) byte",
        "The training script could not read a file of the dataset: it is not UTF-8.",
    ),
    _reader(
        r"UnidentifiedImageError|cannot identify image|image file is truncated|broken data stream|DecompressionBomb|"
        r"Unknown image file format|(?:Invalid|Corrupt|Not a|not valid|bad) (?:JPEG|PNG|GIF|BMP)|Truncated File Read|"
        r"Expected image \((?:JPEG|PNG)|unrecognized image|stack expects each tensor to be equal size|"
        r"to have \d+ channels, but got \d+ channels|Invalid PNG data|Input size should match|broken (?:PNG|JPEG) file|"
        r"could not create decoder object|cannot write mode \w+ as|all input arrays must have the same shape|"
        r"inhomogeneous (?:shape|part)|cannot reshape array of size|doesn't match the broadcast shape|"
        r"could not (?:be broadcast together|broadcast input array)|imread[^\n]{0,40}(?:blank|None)|"
        r"can't open/read file|"
        r"'NoneType' object has no attribute '(?:shape|size|astype|convert)'|OpenCV[^\n]{0,120}!_src\.empty|"
        r"input depth must be|Expected \dD \(|"
        r"unrecognized data stream|Input is empty[^\n]{0,80}(?i:decode)|node decode_(?:image|jpeg|png)",
        "The training script could not read an image of the dataset, or images differ in their channels or size.",
    ),
    _reader(
        r"Found 0 (?:images|files)|Found no valid file|Couldn't find any class folder|No images found|"
        r"Found json files for categorical|categorical (?:index|feature)|DataFilesNotFoundError|EmptyDatasetError|"
        r"(?:File|NotADirectory|IsADirectory)\w*Error[^\n]{0,80}/opt/ml/input/data/(?!model/)|"
        r"Unable to find (?:any data|'/opt/ml/input)|corresponds to no data|Unknown split|"
        r"at least one image for every class|Found array with 0 sample|num_samples should be a positive|"
        r"arg is an empty sequence|the Sequence has length 0|\(Empty Logs\)|expected a non-empty list of Tensors|"
        r"(?:[Tt]raining|[Vv]alidation) data ?(?:set)? is empty|"
        r"resulting train set will be empty|empty range for randrange",
        "The training script did not find the files, or enough rows, of the dataset where it looks for them.",
    ),
    _reader(
        r"Labels? must be|label must be in|num_class|Invalid classes inferred|previously unseen labels|"
        r"DataFrame\.dtypes for data must be|Invalid type for cat_feature|"
        r"CatBoostError[^\n]{0,200}(?:Bad value|feature|target|label)|Number of classes should be|"
        r"Target \d+ is out of bounds|device-side assert|Assertion `?t? ?>= 0|n_classes|ValueError: Labels|"
        r"pandas dtypes must be|cannot be converted to float|Input data contains `?inf|Label contains NaN|"
        r"Input (?:\w+ )?contains (?:NaN|infinity)|Unknown label type|data contains only one class|one unique value|"
        r"least populated class|label value of -?\d+ which is outside|must have the same first dimension|"
        r"The number of features in data|feature_names mismatch|features are missing|JSON characters in feature name|"
        r"appears more than one time|target label is negative|sum of labels is zero|base_score must be in|"
        r"Length of labels differs|Invalid size for `?label|0 feature is supplied|feature index in dataset is -1|"
        r"must be 2 dimensional and non empty|sum_weight >= |feature_names must be string|contains 1 class\b|"
        r"minimum of 2 classes|Unknown token \S{1,40} in data file|'DataFrame' object has no attribute 'dtype'|"
        r"out of bounds for axis|Columns must be same length as key|int too large to convert|"
        r"JSON writer: invalid float value|Found array with 0 |inconsistent numbers of samples|label_width\b|"
        r"number of classes has to be greater than one|"
        r"best_split_info|numpy\.object_|handle a mix of [\w-]+ and [\w-]+ targets",
        "The training script does not accept the labels or the columns of the dataset.",
    ),
    # Batch normalization needs two rows (torch.nn.functional.batch_norm).
    known(
        r"Expected more than 1 value per channel when training",
        "LastBatch",
        "A batch has one row only, most often the last of an epoch, from which batch normalization cannot learn.",
        "Choose a batch size that does not leave one row over, or remove a row.",
        origins=_ORIGINS,
    ),
    # torch.load, safetensors, TensorFlow's checkpoint reader, transformers' Trainer (resume).
    known(
        r"PytorchStreamReader failed|UnpicklingError|invalid load key|Error while deserializing header|"
        r"MetadataIncompleteBuffer|InvalidHeaderDeserialization|HeaderTooLarge|not an sstable|DataLossError|"
        r"[Cc]an't find a valid checkpoint|checksum does not match|Unable to load weights from|"
        r"Unable to open table file|SavedModel file does not exist|Error no file named [^\n]{0,80}"
        r"(?:pytorch_model|model\.safetensors)|(?:tar|gzip)[^\n]{0,40}unexpected end|unexpected end of data|"
        r"Truncated or oversized response",
        "Weights",
        "A file of weights, or a checkpoint, is cut off, missing, or no such file.",
        "Give the run an empty checkpoint place; if it continues a model, one whose job ended as Completed.",
        origins=_ORIGINS,
    ),
    # A model that was fine-tuned before, and another number of classes; or labels and outputs that differ.
    known(
        r"size mismatch for|Error\(s\) in loading state_dict|shapes cannot be multiplied|[Ss]hape mismatch|"
        r"Shapes? \([^)]*\) (?:and|vs\.?) \([^)]*\)[^\n]{0,40}(?:incompatible|mismatch)|ignore_mismatched_sizes|"
        r"Missing key\(s\) in state_dict|Matrix size-incompatible|to match target batch_size",
        "ShapeMismatch",
        "The model and the data, or the model that the training starts from, do not fit each other in shape.",
        "Give the dataset as many classes as that model has, or start from the weights of JumpStart.",
        origins=_ORIGINS,
    ),
    known(
        r"(?:expanded size of the tensor|size of tensor a) \(\d+\) must match[^\n]{0,40}\((?:512|1024|2048|4096)\)|"
        r"index out of range in self|Could not find response key|longer than the specified maximum|"
        r"sequence length is longer than|exceeds? (?:the )?(?:maximum|model's) (?:sequence |context )?length",
        "TooLong",
        "A text is longer than the model takes, or was cut off before its answer.",
        "Shorten the longest texts, or set max_input_length (or max_seq_length) to what the model takes.",
        origins=_ORIGINS,
    ),
    _reader(
        r"maximum box coordinate|[Bb]ox (?:coordinates?|area)|bbox|bounding box|"
        r"All bounding boxes should have positive|annotations\.json|"
        r"data\.csv|cannot be read",
        "The training script could not read the dataset.",
        frozenset({Origin.SCRIPT}),  # file names alone mean nothing elsewhere
    ),
)

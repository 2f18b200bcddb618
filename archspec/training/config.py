"""What a recipe is: the spec's `training:` section as typed, ranged fields.

Framework-free, so that `check` can verify a recipe without TensorFlow. Each field is one thing that the loop does; add
none that has no effect. A field that only some choices take is `None` with the others, so a recipe written out without
its `None`s is the same recipe. Each section's `principal` is the field that may stand alone: `optimizer: sgd`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

Positive = Annotated[int, Field(ge=1)]
NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
PositiveNumber = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, lt=1)]
Factor = Annotated[float, Field(gt=0, lt=1)]
Number = Annotated[float, Field(allow_inf_nan=False)]

LossName = Literal[
    "cross_entropy_of_probabilities", "cross_entropy_of_logits", "mean_squared_error", "posterior_of_distances"
]
OptimizerName = Literal["sgd", "adam", "adamw", "nadam", "rmsprop", "adagrad", "lion"]
ScheduleName = Literal["constant", "cosine", "step"]
Rule = Literal["largest", "smallest"]
Precision = Literal["float32", "bfloat16", "float16"]

OPTIMIZER_FIELDS: Mapping[str, frozenset[str]] = {
    "sgd": frozenset({"momentum", "nesterov"}),
    "adam": frozenset({"beta_1", "beta_2", "epsilon"}),
    "adamw": frozenset({"beta_1", "beta_2", "epsilon"}),
    "nadam": frozenset({"beta_1", "beta_2", "epsilon"}),
    "rmsprop": frozenset({"momentum", "rho", "epsilon"}),
    "adagrad": frozenset({"epsilon"}),
    "lion": frozenset({"beta_1", "beta_2"}),
}
"""Which fields each optimizer takes beside `learning_rate` and `weight_decay`, which all take."""

SCHEDULE_FIELDS: Mapping[str, frozenset[str]] = {
    "constant": frozenset(),
    "cosine": frozenset({"final"}),
    "step": frozenset({"drops", "factor"}),
}
"""Which fields each schedule takes beside `warm_up`, which all take."""


class Section(BaseModel):
    """Base of the recipe's sections: strict, frozen, unknown keys refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    principal: ClassVar[str | None] = None
    """The field that may stand alone; `None` where no field may."""

    @model_validator(mode="before")
    @classmethod
    def _accept_the_principal_alone(cls, value: Any) -> Any:  # what pydantic hands over before it validates
        if cls.principal is None or isinstance(value, Mapping | BaseModel):
            return value
        return {cls.principal: value}


class Data(Section):
    """Where the examples come from, and how an image becomes the network's input."""

    principal: ClassVar[str | None] = "source"

    source: str = Field(
        default="digits", min_length=1, description="`digits`, which ship with archspec, or the path of an .npz file"
    )
    size: tuple[Positive, ...] | None = Field(
        default=None,
        min_length=1,
        max_length=2,
        description="height and width that images are resized to and then centred in the network's input, in a frame "
        "of the training images' lowest value; one number serves both; left out, images fill the input",
    )
    method: Literal["bilinear", "nearest", "bicubic", "area"] = Field(
        default="bilinear", description="how images are resized"
    )
    range: tuple[Number, Number] | None = Field(
        default=None,
        description="what the lowest and the highest value of the training images become; left out, values are kept",
    )
    validation: Factor = Field(
        default=0.1,
        description="share of the training examples set aside for validation where the source has none",
    )
    resident_mebibytes: Annotated[int, Field(ge=0)] = Field(
        default=1024, description="up to this size the prepared images stay in the graph; above it they are streamed"
    )

    @field_validator("range")
    @classmethod
    def _check_the_range(cls, value: tuple[float, float] | None) -> tuple[float, float] | None:
        if value is not None and value[0] >= value[1]:
            raise ValueError(f"`range` needs its lower value first, got {value[0]:g} and {value[1]:g}")
        return value


class Augment(Section):
    """A small random affine map of every training image, drawn anew at every step."""

    shift: NonNegative = Field(
        default=0.0, description="largest shift along each axis, in pixels of the network's input"
    )
    rotate: Annotated[float, Field(ge=0, le=180)] = Field(
        default=0.0, description="largest rotation either way, in degrees"
    )
    scale: Share = Field(default=0.0, description="largest relative change of size: 0.1 draws factors from 0.9 to 1.1")
    shear: Annotated[float, Field(ge=0, lt=90)] = Field(
        default=0.0, description="largest horizontal shear either way, in degrees"
    )


class Loss(Section):
    """What one output is trained for."""

    principal: ClassVar[str | None] = "loss"

    loss: LossName = Field(
        description="`cross_entropy_of_probabilities` after a softmax, `cross_entropy_of_logits` before one, "
        "`mean_squared_error` against 1 for the right class and 0 for the others, or `posterior_of_distances`, "
        "LeNet-5's criterion: y_D + log(exp(-constant) + Σ exp(-y_i))"
    )
    weight: PositiveNumber = Field(default=1.0, description="the factor of this loss in the sum of all")
    constant: PositiveNumber | None = Field(
        default=None, description="the distance j of `posterior_of_distances` beyond which a wrong class is left alone"
    )

    @field_validator("constant")
    @classmethod
    def _check_that_the_constant_has_an_effect(cls, value: float | None, info: ValidationInfo) -> float | None:
        if value is not None and info.data.get("loss", "posterior_of_distances") != "posterior_of_distances":
            raise ValueError(f"`constant` belongs to `posterior_of_distances`, got it with `{info.data['loss']}`")
        return value

    @model_validator(mode="after")
    def _demand_the_constant(self) -> Loss:
        if self.loss == "posterior_of_distances" and self.constant is None:
            raise ValueError("`posterior_of_distances` needs `constant`")
        return self


class Decision(Section):
    """How an output becomes a class; accuracy, prediction and confusion use it."""

    principal: ClassVar[str | None] = "rule"

    rule: Rule = Field(
        default="largest", description="the class of the `largest` value, or of the `smallest`, as for distances"
    )
    output: str | None = Field(default=None, description="the output that decides; left out, the first one in `losses`")


class Optimizer(Section):
    """Keras' optimizer of that name; a field left out has Keras' own default."""

    principal: ClassVar[str | None] = "name"

    name: OptimizerName = Field(description="the algorithm")
    learning_rate: PositiveNumber = Field(default=0.01, description="the step's size, before the schedule")
    momentum: Share | None = Field(default=None, description="share of the previous step that is kept (sgd, rmsprop)")
    nesterov: bool | None = Field(default=None, description="whether momentum looks ahead (sgd)")
    beta_1: Share | None = Field(default=None, description="decay of the mean gradient (adam, adamw, nadam, lion)")
    beta_2: Share | None = Field(
        default=None, description="decay of the mean squared gradient (adam, adamw, nadam, lion)"
    )
    rho: Share | None = Field(default=None, description="decay of the mean squared gradient (rmsprop)")
    epsilon: PositiveNumber | None = Field(default=None, description="keeps divisions finite (all but sgd and lion)")
    weight_decay: NonNegative | None = Field(
        default=None, description="share of each trainable value taken away at each step, times the learning rate"
    )

    @field_validator("momentum", "nesterov", "beta_1", "beta_2", "rho", "epsilon")
    @classmethod
    def _check_that_the_optimizer_takes_it(cls, value: object, info: ValidationInfo) -> object:
        return _belongs(value, info, OPTIMIZER_FIELDS)


class Schedule(Section):
    """How the learning rate changes from step to step."""

    principal: ClassVar[str | None] = "name"

    name: ScheduleName = Field(default="constant", description="`constant`, half a `cosine` down, or `step` by step")
    warm_up: NonNegative = Field(
        default=0.0, description="epochs in which the rate first rises from 0 in a straight line"
    )
    final: Share | None = Field(default=None, description="share of the rate that is left at the end, else 0 (cosine)")
    drops: tuple[Positive, ...] | None = Field(
        default=None, min_length=1, description="epochs after which the rate drops (step)"
    )
    factor: Factor | None = Field(default=None, description="what the rate is multiplied by at each drop (step)")

    @field_validator("final", "drops", "factor")
    @classmethod
    def _check_that_the_schedule_takes_it(cls, value: object, info: ValidationInfo) -> object:
        return _belongs(value, info, SCHEDULE_FIELDS)

    @model_validator(mode="after")
    def _demand_drops(self) -> Schedule:
        if self.name == "step" and (self.drops is None or self.factor is None):
            raise ValueError("the schedule `step` needs `drops` and `factor`")
        if self.drops is not None and list(self.drops) != sorted(set(self.drops)):
            raise ValueError(f"`drops` must rise, got {', '.join(map(str, self.drops))}")
        return self


class Initial(Section):
    """The weights before the first step, where they shall differ from the layers' own."""

    kernels: Literal["uniform_over_fan_in"] = Field(
        description="every trainable kernel is drawn evenly from -scale / fan-in to scale / fan-in (LeCun et al., "
        "1998, appendix A); biases keep their layer's own"
    )
    scale: PositiveNumber = Field(default=2.4, description="the bound, times the number of a unit's inputs")


class Recipe(Section):
    """A spec's `training:` section."""

    data: Data = Field(default=Data(), description="the examples, and how they become inputs")
    augment: Augment | None = Field(default=None, description="random changes of the training images; left out, none")
    losses: dict[str, Loss] = Field(min_length=1, description="each trained output's name, and its loss")
    decision: Decision = Field(default=Decision(), description="how an output becomes a class")
    optimizer: Optimizer = Field(description="how gradients change the weights")
    schedule: Schedule = Field(default=Schedule(), description="how the learning rate changes")
    initial: Initial | None = Field(default=None, description="initial weights; left out, each layer's own")
    epochs: Positive = Field(default=10, description="how often the training examples are gone through")
    batch: Positive = Field(
        default=64, description="examples in a step, over all devices; an epoch's incomplete last is left"
    )
    seed: int = Field(default=0, ge=0, lt=2**32, description="what all randomness follows from")
    precision: Precision = Field(
        default="float32",
        description="what layers compute in; with the others weights stay float32, and float16 scales losses",
    )
    jit: bool = Field(default=False, description="whether XLA compiles the step")
    checkpoint_every: Positive = Field(default=1, description="epochs from one last checkpoint to the next")

    @field_validator("decision")
    @classmethod
    def _check_that_the_deciding_output_is_trained(cls, value: Decision, info: ValidationInfo) -> Decision:
        losses = info.data.get("losses")
        if losses and value.output is not None and value.output not in losses:
            raise ValueError(f"`decision` must name an output in `losses`, got `{value.output}`")
        return value

    @property
    def deciding_output(self) -> str:
        """The name of the output that decides the class."""
        return self.decision.output or next(iter(self.losses))


def _belongs(value: object, info: ValidationInfo, fields: Mapping[str, frozenset[str]]) -> object:
    name = info.data.get("name")
    if value is None or name is None or info.field_name in fields[name]:
        return value
    takers = ", ".join(f"`{other}`" for other, taken in fields.items() if info.field_name in taken)
    raise ValueError(f"`{info.field_name}` belongs to {takers}, got it with `{name}`")

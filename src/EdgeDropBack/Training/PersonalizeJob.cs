using EdgeDropBack.Data;
using EdgeDropBack.Prefixes;
using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>A personalization with its model and data open.</summary>
sealed class PersonalizeJob : IDisposable
{
    readonly Dataset _train, _test;
    readonly Dataset? _retain, _replay;
    readonly float[]? _teacher;
    readonly TrainingData _data;

    PersonalizeJob(PersonalizeOptions options, TrainingSession session, Sidecar sidecar, Dataset user, Dataset? test, Dataset? retain, Dataset? replay,
        Throttle throttle)
    {
        (Options, Session, Sidecar, Throttle) = (options, session, sidecar, throttle);
        session.Cancel = options.Cancel;
        (_retain, _replay) = (retain, replay);
        DataSets = [.. new[] { user, test, retain, replay }.OfType<Dataset>()];
        Dataset heldOut = user;
        (_train, _test) = (user, test ?? user);
        if (test is null || options.Patience is not null)
        {
            (_train, heldOut) = DatasetSplit.Split(user, Personalizer.HeldOutShare, options.Session.Seed);
            _test = test ?? heldOut;
        }
        if (options.From is not null)
        {
            Initial = session.OpenStore(options.From);
            session.Start(Initial);
        }
        var distill = replay is not null && session.Options.NewHeadClasses == 0 && (options.Distill ?? true);
        if (distill) _teacher = TrainingData.Teach(session, replay!, session.Trainer.Values);
        _data = DataFor(_train);
        Plan = PlanFor(_data, options.Steps ?? checked(options.Epochs * _data.StepsPerEpoch), options.Patience is null ? null : heldOut);
    }

    public PersonalizeOptions Options { get; }

    public TrainingSession Session { get; }

    public Sidecar Sidecar { get; }

    public IReadOnlyList<Dataset> DataSets { get; }

    /// <summary>What `--from` goes on from; null for the base.</summary>
    public SparseStore? Initial { get; }

    /// <summary>The final training.</summary>
    public RunPlan Plan { get; private set; }

    /// <summary>What the run leaves to the board.</summary>
    public Throttle Throttle { get; }

    public static PersonalizeJob Open(PersonalizeOptions options)
    {
        var initial = Inference.Newest(options.From, options.Log);
        var earlier = Inference.SidecarOf(initial);
        options = options with { From = initial?.Generation.Path };
        options = options.WithLabelsRead();
        var labels = options.LabelNames ?? earlier?.ClassNames;
        var labelSource = options.Labels is null && earlier?.ClassNames is not null ? "the store that --from names" : DatasetOptions.LabelOption;
        var preprocessing = earlier is not null && options.Preprocessing == new PreprocessingOptions() ? earlier.Preprocessing
            : DataPreparation.Preprocessing(options.Model, options.Preprocessing, options.Data);
        var sessionOptions = options.Session with
        {
            SampleShape = DataPreparation.SampleShape(options.Model, preprocessing),
            Quantile = options.Select == SelectMode.Quantile,
            TrainFrom = options.Session.TrainFrom ?? initial?.Store.Meta.Note(PrefixCut.Note),
            BaseSeed = options.Session.BaseSeed ?? initial?.Store.BaseSeed,
        };
        if (!options.NewHead && initial is not null) sessionOptions = sessionOptions with { NewHeadClasses = initial.Store.Meta.NewHeadClasses };
        Dataset? user = null;
        if (options.NewHead)
        {
            user = DatasetLoader.Open(options.Data, new() { Preprocessing = preprocessing, Labels = labels, LabelSource = labelSource, NewHead = true });
            OneClass.RefuseNewHead(user);
            sessionOptions = sessionOptions with { NewHeadClasses = user.ClassCount };
            labels = user.ClassNames;
        }
        var session = TrainingSession.Open(options.Model, sessionOptions);
        Throttle? throttle = null;
        try
        {
            var dataOptions = DataPreparation.Options(session, preprocessing, labels) with { LabelSource = labelSource };
            if (user is null || dataOptions.TargetLength > 0) user = DatasetLoader.Open(options.Data, dataOptions);
            if (options.Labels is null && earlier?.ClassNames is null) dataOptions = dataOptions with { LabelSource = "the training data" };
            labels ??= user.ClassNames;
            dataOptions = dataOptions with { Labels = labels };
            var sidecar = new Sidecar { ModelHash = session.Model.Sha256, ClassNames = labels, Preprocessing = preprocessing };
            if (options.Cache is { } cache)
                (session.Prefix ?? throw EdbException.Usage("--cache keeps what a frozen part computes, and nothing is frozen here; give --train-from, or leave --cache out"))
                    .UseCache(cache, options.CacheLimit, PrefixIdentity.Of(session, preprocessing), options.Log);
            var job = new PersonalizeJob(options, session, sidecar, session.Through(user), Load(options.Test), Load(options.Retain), Load(options.Replay),
                throttle = Throttle.Of(options.Limits, options.Cancel, options.Log));
            Dataset? Load(string? path) => path is null ? null : session.Through(DatasetLoader.Open(path, dataOptions));
            if (session.Model.Graph.Outputs is { Count: > 1 } outputs)
                options.Log?.Invoke($"output '{Printable.Name(session.TrainedOutput)}' is trained; the model's others are {Printable.List([.. outputs.Select(o => o.Name).Where(name => name != session.TrainedOutput)])}");
            if (session.Prefix is { } prefix) options.Log?.Invoke(prefix.ToString());
            foreach (var warning in session.Model.Warnings) options.Log?.Invoke($"warning: {warning}");
            if (options.Replay is null && OneClass.Warning(user) is { } oneClass) options.Log?.Invoke(oneClass);
            foreach (var set in job.DataSets) set.Tell(options.Log);
            return job;
        }
        catch
        {
            throttle?.Dispose();
            session.Dispose();
            throw;
        }
    }

    /// <summary>The user's and the retention data through the present weights.</summary>
    public (Evaluation User, Evaluation? Retain) Measure() => (Session.Evaluate(_test), _retain is null ? null : Session.Evaluate(_retain));

    /// <summary>The picture, with the answers that the present weights give.</summary>
    public ResultPicture PictureBefore()
    {
        var picture = new ResultPicture(Session, Sidecar.ClassNames, Sidecar.Preprocessing);
        if (_retain is not null) picture.AddBefore("retained samples: the model before and after", _retain);
        picture.AddBefore("the user's samples: the model before and after", _test);
        return picture;
    }

    public void MeasureScales()
    {
        Session.Start(null);
        LayerScales.Measure(Session, DataFor(_train, teach: true), Options.Cancel);
        Session.Start(Initial);
    }

    /// <summary>Starts a training from the base or from a store, with the weights chosen that `once` trains.</summary>
    public void Begin(SparseStore? from)
    {
        Session.Start(from);
        if (Options.Select != SelectMode.Once || Options.Session.Mode != TrainingMode.DropBack) return;
        if (from is null) OnceSelection.Choose(Session, _data, Session.Trainer.Tracked!, Options.Cancel);
        Session.Freeze();
    }

    /// <summary>Steps that are decided after the data are open: by a deadline, or by the run that is resumed.</summary>
    public void FixSteps(int steps) => Plan = Plan with { Steps = steps };

    /// <summary>Steps of a trial before a training of so many.</summary>
    public int TrialSteps(int steps, double share) => Math.Max(Math.Min(steps, _data.StepsPerEpoch), (int)(steps * share));

    /// <summary>A shorter training on four fifths of the data, with the rest held out.</summary>
    public (RunPlan Plan, Dataset User, Dataset? Replay) Trial(double share)
    {
        var (train, heldOut) = Options.Test is null ? (_train, _test) : DatasetSplit.Split(_train, Personalizer.HeldOutShare, Options.Session.Seed);
        var data = DataFor(train);
        var steps = Math.Max(Math.Min(Plan.Steps, data.StepsPerEpoch), (int)(Plan.Steps * share));
        return (PlanFor(data, steps, null), heldOut, _replay);
    }

    /// <summary>Held-out loss after a trial; infinite where it diverged.</summary>
    public double Try((RunPlan Plan, Dataset User, Dataset? Replay) trial, float rate, SparseStore? from)
    {
        Begin(from);
        var name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"trying rate {rate}");
        try
        {
            new TrainingRun(Session, trial.Plan, rate).Train(name, () =>
            {
                Options.Cancel.ThrowIfCancellationRequested();
                Throttle.AfterStep(Options.Cancel);
                return true;
            });
        }
        catch (EdbException e) when (e.ExitCode == 1)
        {
            return double.PositiveInfinity;
        }
        var loss = Session.Evaluate(trial.User).Loss;
        if (trial.Replay is not null) loss += Session.Evaluate(trial.Replay).Loss;
        return double.IsNaN(loss) ? double.PositiveInfinity : loss;
    }

    /// <summary>
    /// Opens a job that stays within --memory-limit: by computing activations again, and where weights are frozen from the start also by
    /// micro-batches, halved until they fit. These give other bits, so that threads, whose packing buffers count too, may not choose them.
    /// </summary>
    /// <exception cref="EdbException">Exit code 2: nothing fits; the least is named.</exception>
    public static PersonalizeJob OpenWithinLimit(PersonalizeOptions options)
    {
        var least = long.MaxValue;
        options = options.WithLabelsRead();
        for (; ; )
        {
            var job = Open(options);
            try
            {
                var planned = MemoryPlan.Fit(job.Session, options, job.DataBytes, job.Initial, measured: true);
                var (samples, packing, threads) = (job.Session.Graph.Batch, job.Session.Workers.ScratchBytes, job.Session.Workers.Count);
                if (!(planned > options.MemoryLimit))
                {
                    MemoryCost.Log(job);
                    return job;
                }
                least = Math.Min(least, planned);
                var micro = samples > 1 && options.StartsFrozen && !options.Session.TrainBatchNorm && job.Session.Prefix is null;
                var mayHalve = micro && planned - packing + packing / threads > options.MemoryLimit;
                if (!mayHalve) throw MemoryPlan.Below(options.MemoryLimit!.Value, least, options.Session.Batch, micro);
                options = options with { Session = options.Session with { MicroBatch = (samples + 1) / 2 } };
            }
            catch
            {
                job.Dispose();
                throw;
            }
            job.Dispose();
        }
    }

    /// <summary>Managed bytes of samples and teacher targets.</summary>
    public long DataBytes => DataSets.Sum(set => set.ResidentBytes) + 4L * (_teacher?.Length ?? 0) + 8L * _data.Count;

    public void Dispose()
    {
        Throttle.Dispose();
        Session.Dispose();
    }

    TrainingData DataFor(Dataset user, bool teach = true)
        => new(user, _replay, teach ? _teacher : null, Options.Session.Loss, Options.Session.Batch, Options.Session.Seed, Options.Augment,
            Options.Augment == Augmentation.None ? default : ImageGeometry.Of(Sidecar.Preprocessing));

    RunPlan PlanFor(TrainingData data, int steps, Dataset? heldOut) => new()
    {
        Data = data,
        HeldOut = heldOut,
        Steps = steps,
        Schedule = Options.Schedule,
        Freeze = Options.Freeze,
        Patience = heldOut is null ? null : Options.Patience,
        Progress = Options.Progress,
        Log = Options.Log,
        Cancel = Options.Cancel,
    };
}
